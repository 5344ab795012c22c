"""A database of before opens with everything that was in it."""

from issuer.store import schema
from issuer.stored import MIGRATIONS
from vckit.adapters.sqlite import create_database, open_database

KEY = b"k" * 32
BEFORE = MIGRATIONS[: MIGRATIONS.index(schema.FORMS_AND_PROFILES)]
OFFER = (
    "INSERT INTO offers (offer_id, reference_digest, code_digest, channel, pseudonym, person,"
    " configurations, created_at, expires_at)"
    " VALUES ('o', 'r', 'c', 'desk', 'p', '{}', 'schuldenopgave_sd_jwt', 1, 2)"
)


def test_lists_stay_public_and_open_offers_are_of_the_general_profile(tmp_path):
    path = tmp_path / "issuer.sqlite"
    with_one_form = create_database(path, KEY, BEFORE)
    with_one_form.execute(OFFER)
    with_one_form.execute(
        "INSERT INTO status_lists (list_id, purpose, size, changes, fence, created_at)"
        " VALUES ('l', 'revocation', 8, 3, 7, 1)"
    )
    with_one_form.execute("INSERT INTO published_lists VALUES ('l', 4, 3, 'token', 1, 2)")
    with_one_form.close()

    migrated = open_database(path, KEY, migrations=MIGRATIONS)
    assert migrated.execute("SELECT * FROM publications") == [
        {
            "list_id": "l",
            "form": "token",
            "version": 4,
            "changes": 3,
            "content": "token",
            "issued_at": 1,
            "expires_at": 2,
        }
    ]
    assert migrated.execute("SELECT profile FROM offers") == [{"profile": "general"}]
    assert "fence" not in migrated.execute("SELECT * FROM status_lists")[0]
    migrated.close()


def test_what_was_given_before_is_a_record_of_its_own_without_a_reference(tmp_path):
    path = tmp_path / "issuer.sqlite"
    before = create_database(path, KEY, MIGRATIONS[: MIGRATIONS.index(schema.DOCUMENTS)])
    for purpose in ("revocation", "refresh"):
        before.execute(
            "INSERT INTO status_lists (list_id, purpose, size, created_at) VALUES (?,?,8,1)",
            (purpose, purpose),
        )
        before.execute("INSERT INTO status_entries (list_id, position) VALUES (?, 3)", (purpose,))
    before.execute(
        "INSERT INTO records (record_id, configuration, revocation_list, revocation_position,"
        " refresh_list, refresh_position, content_digest, key_id, issued_at, expires_at, made_at)"
        " VALUES ('a', 'document', 'revocation', 3, 'refresh', 3, 'd', 'k', 1, 2, 1)"
    )
    before.close()

    migrated = open_database(path, KEY, migrations=MIGRATIONS)
    [row] = migrated.execute("SELECT part_of, reference_digest FROM records")
    assert row == {"part_of": None, "reference_digest": None}
    migrated.close()
