"""Verzamel: a resident goes past the organisations of a case and decides what the counsellor gets.

The counsellor's link lets anyone in who has it, on any device: to look who is asked, to collect and
to share. Each device sees, shares and withdraws only what it collected itself. What a device keeps
is a name with our mark on it; so is the address to which an organisation sends the resident back.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from vckit.encoding import b64url_encode
from vckit.errors import KitError
from vckit.openid4vp.request import DIRECT_POST_JWT
from verifier import asking
from verifier.collecting_book import Collected, Link, Statement
from verifier.documents import judge_document
from verifier.findings import Finding, Rejected, Source
from verifier.office import Office
from verifier.requestbook import Request, Way
from verifier.share_book import Share
from verifier.store import Case

# Bytes of a device's name and of a mark: 128 bits.
_BYTES: Final = 16


class TooMuchError(KitError):
    """The link or device holds as many statements as it may."""


@dataclass(frozen=True)
class Visit:
    """One device at one link."""

    link: Link
    case: Case
    device: str

    @property
    def state(self) -> str:
        """What an organisation sends the resident back with; it tells nobody anything."""
        return f"{self.link.id}.{self.device}.{_mark(self.link, 'return', self.device)}"


def make_link(office: Office, case: Case, now: int) -> str:
    """The token of the link of a case; one that was made before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    link = Link(secrets.token_urlsafe(_BYTES), case.id, secrets.token_hex(32), now)
    office.collecting.set_link(link, token)
    return token


def admit(office: Office, token: str, now: int) -> tuple[Visit, str] | None:
    """A new device at the link that `token` opens, and what it keeps to be known again."""
    link = office.collecting.link_of_token(token)
    case = office.store.case(link.case_id, now) if link else None
    if link is None or case is None:
        return None
    name = b64url_encode(secrets.token_bytes(_BYTES))
    return Visit(link, case, _device(link, name)), f"{name}.{_mark(link, 'device', name)}"


def visit(office: Office, link_id: str, kept: str, now: int) -> Visit | None:
    """The device that keeps `kept`, at this link; None when it is over or never let in."""
    link = office.collecting.link(link_id)
    name, _, mark = kept.partition(".")
    if link is None or not _is_marked(link, "device", name, mark):
        return None
    case = office.store.case(link.case_id, now)
    return Visit(link, case, _device(link, name)) if case else None


def returned(office: Office, state: str, now: int) -> Visit | None:
    """The visit that an organisation was sent `state` for."""
    link_id, _, marked = state.partition(".")
    device, _, mark = marked.partition(".")
    link = office.collecting.link(link_id)
    if link is None or not _is_marked(link, "return", device, mark):
        return None
    case = office.store.case(link.case_id, now)
    return Visit(link, case, device) if case else None


def hand_over(office: Office, arriving: Visit, document: bytes, now: int) -> str:
    """Judge a document that came with a state; the code with which its device gets it.

    Whoever can be led to send a document does not have the device, and the device cannot have
    the code: so nobody collects what another was led to send. Raises what `add` does.
    """
    code = secrets.token_urlsafe(32)
    if not office.collecting.hand_over(_judged(office, arriving, document, now), code, now):
        raise TooMuchError
    return code


def add(office: Office, here: Visit, document: bytes, now: int) -> None:
    """Judge a document of the resident and keep what it says for this device.

    Raises RefusedFileError, EvidenceRefusedError or TooMuchError.
    """
    if not office.collecting.collect(_judged(office, here, document, now), now):
        raise TooMuchError


def _judged(office: Office, here: Visit, document: bytes, now: int) -> Statement:
    judged = judge_document(office, here.case, document, now)
    return Statement(here.link.id, here.device, judged.digest, judged.finding)


def to_share(office: Office, here: Visit) -> list[Collected]:
    """What this device collected and did not share: all of it counts or is told why it does not."""
    return [
        each for each in office.collecting.collected(here.link.id) if each.device == here.device
    ]


def share(office: Office, here: Visit, digests: Sequence[str], now: int) -> Share | None:
    """Give the case these statements of the device; None where there is nothing to give."""
    wanted = [each for each in to_share(office, here) if each.digest in digests]
    if not wanted:
        return None
    names = [source.name for source in sources_of(each.finding for each in wanted)]
    made = _share(here, names, None, now)
    office.sharing.share(made, here.link.id, [each.digest for each in wanted])
    return made


def ask_wallet(office: Office, here: Visit, way: Way, now: int) -> tuple[Request, Share]:
    """Ask the wallet on this device; what it answers is shared, what it declines is not."""
    request = asking.ask(office, here.case, response_mode=DIRECT_POST_JWT, way=way, now=now)
    names = [source.name for source in here.case.organisations]
    made = _share(here, names, request.id, now)
    office.sharing.begin(made)
    return request, made


def shares(office: Office, here: Visit) -> list[Share]:
    """What this device shared, withdrawn or not, the newest first."""
    made = [each for each in office.sharing.shares(here.case.id) if each.device == here.device]
    return [each for each in reversed(made) if each.shared_at is not None]


def asked_wallets(office: Office, here: Visit) -> list[Share]:
    """What this device asked of wallets, answered or not, the newest first."""
    made = [each for each in office.sharing.shares(here.case.id) if each.device == here.device]
    return [each for each in reversed(made) if each.request_id]


def given_sources(office: Office, given: Share) -> tuple[str, ...]:
    """The names of who stated what was shared; of what was withdrawn, who had."""
    named = tuple(source.name for source in sources_of(office.sharing.shared(given)))
    return named or given.sources


def withdraw(office: Office, given: Share, now: int) -> bool:
    """Take back what was shared: it is erased from the case. False when it was before."""
    return office.sharing.withdraw(replace(given, sources=given_sources(office, given)), now)


def new_receipt(office: Office, given: Share) -> str:
    """A token that opens the receipt of a share, on any device, as long as the case is kept."""
    token = secrets.token_urlsafe(32)
    office.sharing.add_receipt(given, token)
    return token


def _share(here: Visit, names: Iterable[str], request_id: str | None, now: int) -> Share:
    return Share(
        id=secrets.token_urlsafe(_BYTES),
        case_id=here.case.id,
        device=here.device,
        request_id=request_id,
        sources=tuple(names),
        made_at=now,
        shared_at=None if request_id else now,
        withdrawn_at=None,
    )


def sources_of(found: Iterable[Finding]) -> list[Source]:
    """Who stated these, each once."""
    return list(dict.fromkeys(map(_source, found)))


def _source(finding: Finding) -> Source:
    return finding.source if isinstance(finding, Rejected) else finding.evidence.source


def _device(link: Link, name: str) -> str:
    """Another one at every link, so that nobody can follow a device from case to case."""
    return _mark(link, "name", name)


def _mark(link: Link, purpose: str, name: str) -> str:
    key, text = bytes.fromhex(link.secret), f"{purpose}:{name}".encode()
    return b64url_encode(hmac.digest(key, text, hashlib.sha256)[:_BYTES])


def _is_marked(link: Link, purpose: str, name: str, mark: str) -> bool:
    return hmac.compare_digest(_mark(link, purpose, name).encode(), mark.encode())
