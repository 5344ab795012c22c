"""The tables of offers, tokens, records and status lists. Scripts are only ever added."""

from typing import Final

FIRST: Final = """
CREATE TABLE offers (
  offer_id TEXT PRIMARY KEY,
  reference_digest TEXT NOT NULL UNIQUE,
  code_digest TEXT NOT NULL UNIQUE,
  transaction_code_digest TEXT,
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND 5),
  channel TEXT NOT NULL CHECK (channel IN ('page', 'desk')),
  login_digest TEXT,
  pseudonym TEXT NOT NULL,
  person TEXT,
  configurations TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'used', 'void')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX offers_by_login ON offers (login_digest) WHERE login_digest IS NOT NULL;

CREATE INDEX offers_by_expiry ON offers (expires_at) WHERE person IS NOT NULL;

CREATE TABLE grants (
  grant_id TEXT PRIMARY KEY,
  offer_id TEXT NOT NULL UNIQUE REFERENCES offers,
  token_digest TEXT NOT NULL UNIQUE,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE TABLE spent_nonces (
  digest TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX spent_nonces_by_expiry ON spent_nonces (expires_at);

CREATE TABLE status_lists (
  list_id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('revocation', 'refresh')),
  size INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0,
  open INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
  changes INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX one_open_list ON status_lists (purpose) WHERE open = 1;

CREATE TABLE status_entries (
  list_id TEXT NOT NULL REFERENCES status_lists,
  position INTEGER NOT NULL CHECK (position >= 0),
  value INTEGER NOT NULL DEFAULT 0 CHECK (value IN (0, 1)),
  PRIMARY KEY (list_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX status_entries_set ON status_entries (list_id, position) WHERE value = 1;

CREATE TRIGGER status_never_unset BEFORE UPDATE ON status_entries
WHEN NEW.value < OLD.value OR NEW.list_id <> OLD.list_id OR NEW.position <> OLD.position
BEGIN SELECT RAISE(ABORT, 'a status is never taken back'); END;

CREATE TRIGGER status_never_reused BEFORE DELETE ON status_entries
BEGIN SELECT RAISE(ABORT, 'a status index is never given back'); END;

CREATE TABLE published_lists (
  list_id TEXT PRIMARY KEY REFERENCES status_lists,
  version INTEGER NOT NULL,
  changes INTEGER NOT NULL,
  token TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE records (
  record_id TEXT PRIMARY KEY,
  grant_id TEXT,
  configuration TEXT NOT NULL,
  thumbprint TEXT,
  pseudonym TEXT,
  revocation_list TEXT NOT NULL,
  revocation_position INTEGER NOT NULL,
  refresh_list TEXT NOT NULL,
  refresh_position INTEGER NOT NULL,
  content_digest TEXT NOT NULL,
  key_id TEXT NOT NULL,
  seed_part BLOB,
  seed_until INTEGER,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  notification_digest TEXT,
  notified TEXT,
  withdrawn_at INTEGER,
  withdrawn_reason TEXT,
  superseded_at INTEGER,
  UNIQUE (grant_id, configuration, thumbprint),
  UNIQUE (revocation_list, revocation_position),
  UNIQUE (refresh_list, refresh_position),
  FOREIGN KEY (revocation_list, revocation_position) REFERENCES status_entries,
  FOREIGN KEY (refresh_list, refresh_position) REFERENCES status_entries
) STRICT;

CREATE INDEX records_by_person ON records (pseudonym, expires_at);

CREATE INDEX records_by_grant ON records (grant_id);

CREATE INDEX records_by_seed ON records (seed_until) WHERE seed_until IS NOT NULL;

CREATE INDEX records_by_expiry ON records (expires_at) WHERE pseudonym IS NOT NULL;
"""

# A list is public in several forms, each with its own version and its own publisher.
FORMS_AND_PROFILES: Final = """
CREATE TABLE publications (
  list_id TEXT NOT NULL REFERENCES status_lists,
  form TEXT NOT NULL,
  version INTEGER NOT NULL,
  changes INTEGER NOT NULL,
  content TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (list_id, form)
) STRICT, WITHOUT ROWID;

INSERT INTO publications (list_id, form, version, changes, content, issued_at, expires_at)
SELECT list_id, 'token', version, changes, token, issued_at, expires_at FROM published_lists;

DROP TABLE published_lists;

CREATE TABLE publishers (
  list_id TEXT NOT NULL REFERENCES status_lists,
  form TEXT NOT NULL,
  lease_until INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  PRIMARY KEY (list_id, form)
) STRICT, WITHOUT ROWID;

ALTER TABLE status_lists DROP COLUMN lease_until;

ALTER TABLE status_lists DROP COLUMN fence;

ALTER TABLE offers ADD COLUMN profile TEXT NOT NULL DEFAULT 'general';
"""

# Who of the staff did what for whom, both by pseudonyms that only the index key can make.
DESK: Final = """
CREATE TABLE desk_actions (
  happened_at INTEGER NOT NULL,
  staff TEXT NOT NULL,
  verb TEXT NOT NULL CHECK (verb IN ('identified', 'document', 'withdrawn')),
  pseudonym TEXT NOT NULL,
  identity_document TEXT,
  record_id TEXT
) STRICT;

CREATE INDEX desk_actions_by_time ON desk_actions (happened_at);

CREATE INDEX desk_actions_by_record ON desk_actions (record_id) WHERE record_id IS NOT NULL;
"""

# A document has several credentials; the first stands for them all and is found by its reference,
# which is printed on it.
DOCUMENTS: Final = """
ALTER TABLE records ADD COLUMN part_of TEXT REFERENCES records;

ALTER TABLE records ADD COLUMN reference_digest TEXT;

CREATE INDEX records_by_whole ON records (part_of) WHERE part_of IS NOT NULL;

CREATE UNIQUE INDEX records_by_reference ON records (reference_digest)
WHERE reference_digest IS NOT NULL;
"""
