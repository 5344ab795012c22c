"""Asking a time-stamp authority (RFC 3161 3.4) to see a seal, by our own way out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

from vckit.errors import FetchError, KitError
from vckit.network import Fetcher
from vckit.sealed_pdf import time_stamp
from vckit.sealed_pdf.refusal import Refused

QUERY: Final = "application/timestamp-query"
REPLY: Final = "application/timestamp-reply"
MAX_BYTES: Final = 65_536
_OK: Final = 200


class TimeStampError(KitError):
    """No authority that is trusted saw the seal, so there is no sealed document."""


@dataclass(frozen=True)
class TimeStampAuthority:
    """Whom to ask at `url`, and the PEM file of who is trusted to answer."""

    url: str
    certificates: Path
    fetcher: Fetcher


class Stamper(TimeStamper):
    """pyHanko's view of an authority: takes a stamp only from whom we trust.

    A reader that trusts the same authorities will then take it too.
    """

    def __init__(self, authority: TimeStampAuthority) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko's
        self._authority = authority

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Send the query; anything but one reply raises TimeStampError."""
        try:
            answer = self._authority.fetcher.post(
                self._authority.url,
                content=req.dump(),
                headers={"Content-Type": QUERY, "Accept": REPLY},
                max_bytes=MAX_BYTES,
            )
        except FetchError as error:
            raise TimeStampError("The time-stamp authority does not answer.") from error
        if (answer.status, answer.media_type) != (_OK, REPLY):
            raise TimeStampError("The time-stamp authority gives no stamp.")
        return tsp.TimeStampResp.load(answer.body)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A stamp over this digest that a trusted authority made; else TimeStampError."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            known = {md_algorithm: message_digest}
            _, is_trusted = await time_stamp.judged(
                token, lambda name: known[name], self._authority.certificates
            )
        except (TimestampRequestError, Refused, ValueError, KeyError, TypeError) as error:
            raise TimeStampError("The time-stamp authority gives a stamp that fails.") from error
        if not is_trusted:
            raise TimeStampError("The time stamp is not of an authority that is trusted.")
        return token
