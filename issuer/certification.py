"""The Blauwe Knop as one act: state the debts, put them on pages, seal them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from issuer import document, paper
from issuer.document import Content, Language
from issuer.issuance import Document, Issuance, OwnProductError
from issuer.paper import PaperSummary
from issuer.person import Person
from vckit import x509
from vckit.formats import dc_sd_jwt
from vckit.keys import ES256
from vckit.sealed_pdf.stamping import TimeStampAuthority, TimeStampError
from vckit.signers import Signer

# Where everybody can ask whether a file is real.
CHECK_PATH: Final = "/klopt-dit-document"
_ERROR: Final = "error"


@dataclass(frozen=True)
class Certified:
    """A sealed PDF, and the record that it can be withdrawn by."""

    pdf: bytes = field(repr=False)
    record_id: str


@dataclass(frozen=True)
class Certification:
    """Makes the sealed documents of one organisation; `chain` belongs to `signer`, leaf first.

    `authority` sees every seal, where there is one.
    """

    issuance: Issuance
    signer: Signer
    chain: Sequence[x509.Certificate]
    authority: TimeStampAuthority | None = None

    def make(self, person: Person, now: int, language: Language = "nl") -> Certified:
        """A sealed PDF of this person's debts at `now`; it is recorded and can be withdrawn.

        Raises what `Issuance.document` raises, and TimeStampError while the authority is away: then
        nobody gets it, and it is withdrawn.
        """
        issued = self.issuance.document(person, now)
        content = self.content(issued, now, language)
        try:
            pdf = document.make(
                content, signer=self.signer, chain=self.chain, authority=self.authority
            )
        except TimeStampError:
            self.issuance.store.records.withdraw(issued.record_id, _ERROR, now)
            raise
        return Certified(pdf, issued.record_id)

    def content(self, issued: Document, now: int, language: Language) -> Content:
        """What goes on the pages and into the file, the summary for paper signed."""
        base_url = self.issuance.workshop.letterhead.base_url
        figures = PaperSummary.of(issued.terms, now)
        linked = issued.linked.text if issued.linked else None
        return Content(
            terms=issued.terms,
            attachments=document.attachments(issued.sd_jwt.text, linked),
            digest=dc_sd_jwt.digest(issued.sd_jwt.text),
            paper_address=f"{base_url}{paper.PATH}{self._paper(figures)}",
            check_address=f"{base_url}{CHECK_PATH}",
            source_names=self._source_names(),
            made_at=now,
            language=language,
        )

    def _paper(self, summary: PaperSummary) -> str:
        """The signed figures of the first page, read back before they leave."""
        signer = self.issuance.workshop.signers[ES256]
        text = paper.sign(summary, signer)
        if paper.read(text, [signer.public_key]) != summary:
            raise OwnProductError("the signed paper reads otherwise than the statement")
        return text

    def _source_names(self) -> Mapping[str, str]:
        sources = self.issuance.workshop.rules.sources
        return {source.code: source.name for source in sources}
