"""What goes into one certified document, before it is put in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from issuer.document.words import Language
from issuer.paper import PaperSummary
from vckit.sealed_pdf import Attachment

SD_JWT_NAME: Final = "schuldenopgave.sd-jwt"
SD_JWT_TYPE: Final = "application/dc+sd-jwt"
LINKED_NAME: Final = "schuldenopgave.json"
LINKED_TYPE: Final = "application/vc"


@dataclass(frozen=True, kw_only=True)
class Content:
    """One statement and what stands around it.

    `terms` are those of wire.md (rich form, `document: true`); `digest` is that of the SD-JWT
    credential; `paper_address` is what the QR holds and `check_address` the public page for files;
    `source_names` is by code; `made_at` epoch seconds.
    """

    terms: Mapping[str, Any] = field(repr=False)
    attachments: Sequence[Attachment] = field(repr=False)
    digest: str
    paper_address: str = field(repr=False)
    check_address: str
    source_names: Mapping[str, str]
    made_at: int
    language: Language = "nl"

    @property
    def organisation(self) -> str:
        """Who states it."""
        return str(self.terms["aangeleverd_door"]["naam"])

    @property
    def figures(self) -> PaperSummary:
        """The same figures as behind the QR."""
        return PaperSummary.of(self.terms, self.made_at)


def attachments(sd_jwt: str, linked: str | None = None) -> tuple[Attachment, ...]:
    """The credentials of a statement as files, the W3C one where there is one."""
    first = Attachment(SD_JWT_NAME, SD_JWT_TYPE, sd_jwt)
    return (first, Attachment(LINKED_NAME, LINKED_TYPE, linked)) if linked else (first,)
