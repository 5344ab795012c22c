"""The tables of a dialect's file that tell how rows are found in what is delivered."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from issuer.debts.sections import Text
from vckit.adapters.settings import Section

ENCODINGS: Final = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-15",
    "us-ascii",
)
# A class of the municipality's own: python:package.module:Class.
OWN: Final = "python:"
OwnKind = Annotated[str, Field(pattern=r"^python:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$")]
_NEEDED: Final = {
    "encoding": ("csv",),
    "delimiter": ("csv",),
    "sheet": ("xlsx",),
    "query": ("sql", "database"),
}
# The place of a member in JSON: names with dots between them; "" is the whole.
Place = Annotated[str, Field(pattern=r"^([^.\s]+(\.[^.\s]+)*)?$", max_length=500)]


class File(Section):
    """What kind of source it is, how its bytes are read and where its header stands."""

    kind: Literal["csv", "xlsx", "sql", "database", "rest", "fcid"] | OwnKind
    encoding: Literal[ENCODINGS] | None = None  # type: ignore[valid-type]  # short enough to read
    delimiter: Literal[";", ",", "\t", "|"] | None = None
    quote: Literal['"', "'", ""] = '"'
    multiline: bool = False
    sheet: Text | None = None
    query: str | None = Field(default=None, min_length=1)
    header_row: int = Field(default=1, ge=0, le=1_000)
    header_rows: int = Field(default=1, ge=1, le=5)
    header_fill: bool = False
    header_case: Literal["exact", "ignored"] = "exact"
    footer_rows: int = Field(default=0, ge=0, le=1_000)
    ignored_columns: tuple[Text, ...] = ()

    @property
    def is_file(self) -> bool:
        """Something that is handed over, and has no address."""
        return self.kind in {"csv", "xlsx", "sql"}

    @property
    def is_asked(self) -> bool:
        """A running system at an address."""
        return self.kind in {"database", "rest"}

    @property
    def is_own(self) -> bool:
        """A kind that the municipality itself programmed."""
        return self.kind.startswith(OWN)

    @model_validator(mode="after")
    def _says_what_its_kind_needs(self) -> Self:
        for name, kinds in _NEEDED.items():
            if self.is_own or (getattr(self, name) is not None) == (self.kind in kinds):
                continue
            raise ValueError(f"{name} belongs to files of kind {' or '.join(kinds)}, which need it")
        return self


class Rest(Section):
    """How a system that is asked by http divides its answer over pages, and what opens it.

    At most one of `next` (the place of the next page's address), `page_parameter` and
    `offset_parameter` is declared; without any there is one page.
    """

    items: Place = ""
    next: Text | None = None
    page_parameter: Text | None = None
    first_page: int = Field(default=1, ge=0, le=1)
    offset_parameter: Text | None = None
    size_parameter: Text | None = None
    size: int | None = Field(default=None, ge=1, le=10_000)
    total: Text | None = None
    reference_date: Text | None = None
    secret_header: str = Field(default="Authorization", pattern="^[A-Za-z][A-Za-z0-9-]{0,60}$")
    secret_prefix: str = Field(default="Bearer ", pattern="^[ -~]{0,40}$")

    @model_validator(mode="after")
    def _pages_in_one_way(self) -> Self:
        ways = (self.next, self.page_parameter, self.offset_parameter)
        if sum(way is not None for way in ways) > 1:
            raise ValueError("next, page_parameter and offset_parameter exclude each other")
        if (self.size_parameter is None) != (self.size is None):
            raise ValueError("size_parameter and size need each other")
        return self
