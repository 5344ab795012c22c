"""What one secret key of the organisation makes: pseudonyms, codes and repeatable randomness.

Every purpose has a key of its own, derived by HMAC-SHA256 from the index key, which lies outside
the database. So the database holds no code, token or nonce, and a copy of it tells no BSN: an
unkeyed digest of all valid BSNs is computed in a minute.
"""

import hmac
import secrets
from base64 import b32encode
from collections.abc import Collection
from hashlib import sha256
from typing import Final
from uuid import UUID

from vckit.encoding import b64url_decode, b64url_encode
from vckit.errors import ParsingError

NONCE_SECONDS: Final = 300
SEED_BYTES: Final = 32
_SALT_BYTES: Final = 16
_TIME_BYTES: Final = 8
_STATED_BYTES: Final = _TIME_BYTES + 16
_TAG_BYTES: Final = 16


class Keyring:
    """All that is derived from the index key (32 bytes)."""

    def __init__(self, index_key: bytes) -> None:
        self._key = index_key

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose."""
        return hmac.digest(self._key, b"blauweknop/1/" + purpose.encode(), sha256)

    def _tag(self, purpose: str, content: bytes) -> bytes:
        return hmac.digest(self.derive(purpose), content, sha256)

    def _name(self, purpose: str, *parts: str) -> str:
        return b64url_encode(self._tag(purpose, "\x00".join(parts).encode()))

    def pseudonym(self, bsn: str) -> str:
        """What stands for a person in the records; another one at every organisation."""
        return self._name("pseudonym", bsn)

    def staff(self, subject: str) -> str:
        """What stands for somebody of the staff in what is kept of their work, never a name."""
        return self._name("staff", subject)

    def offer_reference(self, offer_id: str) -> str:
        """The secret last step of the offer's link."""
        return self._name("offer-reference", offer_id)

    def offer_code(self, offer_id: str) -> str:
        """The pre-authorized code: computed when the offer is fetched, stored nowhere."""
        return self._name("offer-code", offer_id)

    def transaction_code_digest(self, code_digest: str, transaction_code: str) -> str:
        """Keyed, since six digits are guessed from any other digest."""
        return self._name("transaction-code", code_digest, transaction_code)

    def login_digest(self, login_id: str) -> str:
        """What an offer remembers of the log-in that made it."""
        return self._name("login", login_id)

    def notification_id(
        self, grant_id: str, configuration: str, thumbprints: Collection[str]
    ) -> str:
        """The same for every answer in one format on one grant to the same holder keys."""
        return self._name("notification", grant_id, configuration, *sorted(thumbprints))

    def new_nonce(self, now: int) -> str:
        """A nonce for a key proof that takes no storage until it is spent."""
        stated = (now + NONCE_SECONDS).to_bytes(_TIME_BYTES, "big")
        stated += secrets.token_bytes(_STATED_BYTES - _TIME_BYTES)
        return b64url_encode(stated + self._nonce_tag(stated))

    def nonce_expiry(self, nonce: str, now: int) -> int | None:
        """Until when (epoch seconds) this nonce of ours holds; None when it does not at `now`."""
        try:
            raw = b64url_decode(nonce)
        except ParsingError:
            return None
        stated, tag = raw[:_STATED_BYTES], raw[_STATED_BYTES:]
        if not hmac.compare_digest(tag, self._nonce_tag(stated)):
            return None
        expiry = int.from_bytes(stated[:_TIME_BYTES], "big")
        return expiry if now < expiry else None

    def _nonce_tag(self, stated: bytes) -> bytes:
        return self._tag("nonce", stated)[:_TAG_BYTES]

    def randomness(self, record_id: str, seed_part: bytes) -> "Randomness":
        """The randomness of one credential; gone for ever once `seed_part` is destroyed."""
        return Randomness(self._tag("seed", record_id.encode() + seed_part))


class Randomness:
    """A stream of values that repeats for the same seed, so that a retry repeats the content."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._drawn = 0

    def draw(self) -> bytes:
        """The next 128 bits."""
        self._drawn += 1
        return hmac.digest(self._seed, self._drawn.to_bytes(8, "big"), sha256)[:_SALT_BYTES]

    def identifier(self) -> str:
        """The next 128 bits as urn:uuid."""
        return UUID(bytes=self.draw(), version=4).urn

    def salt(self) -> str:
        """The next 128 bits in base64url."""
        return b64url_encode(self.draw())


def digest(secret: str) -> str:
    """What is stored of a secret of 128 random bits or more."""
    return b64url_encode(sha256(secret.encode()).digest())


def new_identifier() -> str:
    """An identifier that tells nothing and that a person can read out: 80 random bits."""
    return b32encode(secrets.token_bytes(10)).decode().lower()


def new_transaction_code() -> str:
    """Six digits, leading zeros kept."""
    return f"{secrets.randbelow(1_000_000):06d}"
