"""Is this document ours, and does it hold? Told to anybody who has the file or the paper.

Everything that is told comes from what is signed and from our own books: the text on the pages is
never read, and nothing of the file is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from issuer import paper
from issuer.configurations.making import Letterhead
from issuer.paper import PaperSummary
from issuer.store.records import Record, Records
from vckit import statement, x509
from vckit.errors import KitError, UntrustedIssuerError, VerificationError
from vckit.formats import ProvenCredential, UnverifiedIssuer, dc_sd_jwt, ldp_vc
from vckit.keys import PublicKey
from vckit.sealed_pdf import opening
from vckit.trust import Organisation, Scheme

# withdrawn, expired, superseded or old (its figures are of more than OLD_DAYS ago) in that order,
# or unknown: signed by us, but not in our books.
Standing = Literal["unknown", "withdrawn", "expired", "superseded", "old", "current"]
OLD_DAYS: Final = 30
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")
_ASSERTION: Final = "assertionMethod"
# What the SD-JWT VC tells inside the terms and the W3C credential beside them.
_BESIDE: Final = ("vernieuwing_uri", "vernieuwing_index")


class UnsoundDocumentError(KitError):
    """The seal holds, but what is inside is not what we put in it."""


@dataclass(frozen=True)
class Seal:
    """Whose seal it is by the scheme: the organisation and its address.

    `sealed_at` is what the seal says itself, `time_stamped_at` when an authority that we trust saw
    it; epoch seconds.
    """

    organisation: Organisation
    address: str
    sealed_at: int
    time_stamped_at: int | None = None


@dataclass(frozen=True)
class OwnDocument:
    """A document of ours: what it states (wire.md, rich form) and how it stands now."""

    seal: Seal
    terms: Mapping[str, Any]
    summary: PaperSummary
    digest: str
    record: Record | None
    standing: Standing


@dataclass(frozen=True)
class OwnPaper:
    """The signed figures behind the code on a paper, and how that document stands now."""

    summary: PaperSummary
    record: Record | None
    standing: Standing


@dataclass(frozen=True)
class Checking:
    """Judges files and papers for one organisation."""

    scheme: Scheme
    letterhead: Letterhead
    records: Records
    time_stamp_certificates: Path | None = None

    def document(self, content: bytes, now: int) -> OwnDocument | Seal:
        """What the file says if it is ours, and else only whose seal it has.

        Raises opening.RefusedFileError where no seal holds, UntrustedIssuerError where it is of
        nobody on the scheme, and UnsoundDocumentError.
        """
        opened = opening.open_sealed(content, time_stamp_certificates=self.time_stamp_certificates)
        seal = self._seal(opened, now)
        return self._own(opened, seal, now) if self._is_own(seal.address) else seal

    def paper(self, text: str, now: int) -> OwnPaper:
        """What was signed for the paper; ForeignPaperError when it was not by us."""
        summary = paper.read(text, [x509.public_key(self.letterhead.chain[0])])
        record = self.records.of_reference(summary.reference)
        return OwnPaper(summary, record, _standing(record, summary.reference_date, now))

    def _seal(self, opened: opening.Opened, now: int) -> Seal:
        """The issuer's address stands in the certificate, and the scheme says whose it is."""
        for uri in x509.uris(x509.parse_x5c(opened.x5c)[0]):
            organisation, _ = self.scheme.issuer(uri, opened.x5c, kind=statement.TYPE, now=now)
            return Seal(organisation, uri, opened.sealed_at, opened.time_stamped_at)
        raise UntrustedIssuerError("The certificate of the seal names no issuer.")

    def _is_own(self, address: str) -> bool:
        return address == self.letterhead.base_url

    def _own(self, opened: opening.Opened, seal: Seal, now: int) -> OwnDocument:
        try:
            proven = self._proven(opened, now)
        except VerificationError as error:
            raise UnsoundDocumentError("a credential inside is not ours") from error
        terms = proven.claims
        summary = PaperSummary.of(terms, seal.sealed_at)
        record = self.records.of_reference(summary.reference)
        return OwnDocument(
            seal=seal,
            terms=terms,
            summary=summary,
            digest=proven.digest,
            record=record,
            standing=_standing(record, summary.reference_date, now),
        )

    def _proven(self, opened: opening.Opened, now: int) -> ProvenCredential:
        """The statement, which every attachment makes alike."""
        attached = dict(opened.attachments)
        proven = self._verified(dc_sd_jwt.FORMAT, attached.pop(opening.SD_JWT, ""), now)
        if opening.W3C in attached:
            linked = self._verified(ldp_vc.FORMAT, attached.pop(opening.W3C), now)
            if linked.claims != _without_beside(proven.claims):
                raise UnsoundDocumentError("the credentials inside state different things")
        if attached or proven.claims.get("document") is not True:
            raise UnsoundDocumentError("what is inside is no statement of a document")
        statement.validate(proven.claims)
        return proven

    def _verified(self, name: str, text: str, now: int) -> ProvenCredential:
        if name not in self.letterhead.formats:
            raise UnsoundDocumentError("a credential inside has a format that is not given here")
        opened = self.letterhead.formats[name]
        unverified = opened.open_held(text)
        key = self._key(unverified.issuer, now)
        return opened.verify(unverified, issuer_key=key, now=now)

    def _key(self, issuer: UnverifiedIssuer, now: int) -> PublicKey:
        """One of our own keys; a VerificationError for every other."""
        if issuer.x5c is not None and self._is_own(issuer.iss):
            return self.scheme.issuer(issuer.iss, issuer.x5c, kind=statement.TYPE, now=now)[1]
        linked, method = self.letterhead.linked, issuer.verification_method
        if linked is not None and method is not None and issuer.iss == linked.identity.did:
            return linked.identity.document.key(method, _ASSERTION, now=now)
        raise UntrustedIssuerError("The credential is not ours.")


def _without_beside(terms: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in terms.items() if name not in _BESIDE}


def _standing(record: Record | None, reference_date: str, now: int) -> Standing:
    if record is None:
        return "unknown"
    if record.withdrawn_at is not None:
        return "withdrawn"
    if record.expires_at <= now:
        return "expired"
    if record.superseded_at is not None:
        return "superseded"
    today = datetime.fromtimestamp(now, _CALENDAR).date()
    age = today - date.fromisoformat(reference_date)
    return "old" if age.days > OLD_DAYS else "current"
