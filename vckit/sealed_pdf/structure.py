"""What stands in a PDF: its one seal and what is attached. Only ever run in the child.

Every object is looked at once. Whatever is not as in a document that was sealed once and for all
is refused, rather than judged: nothing here repairs, and pages are never read.
"""

import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from vckit.errors import ParsingError, PolicyLimitError
from vckit.sealed_pdf.refusal import Refused

MAX_OBJECTS: Final = 60_000
MAX_ATTACHMENT_BYTES: Final = 4 * 1024 * 1024
TAIL_BYTES: Final = 1024
# How each kind of attachment is written.
ENCODINGS: Final = {
    "application/dc+sd-jwt": "ascii",
    "application/vc": "utf-8",
    "application/json": "utf-8",
}
_MAX_ATTACHMENTS: Final = 2
_SCAN_PAGES: Final = 20
_MARKS: Final = re.compile(
    rb"/(ByteRange|EmbeddedFile|JS|JavaScript|Launch|OpenAction|AA|SubmitForm|ImportData|XFA|"
    rb"RichMedia|Rendition|GoToE|GoToR)\b"
)
# As ISO 32000-1 writes them: a key of a dictionary, or the value of /S or /Subtype.
_ACTIVE_KEYS: Final = frozenset({"/JS", "/JavaScript", "/OpenAction", "/AA", "/XFA"})
_ACTIVE_KINDS: Final = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMedia", "/Rendition"}
    | {"/GoToE", "/GoToR"}
)


@dataclass(frozen=True)
class SealEntry:
    """The signature dictionary as it stands (ISO 32000-1, 12.8.1)."""

    byte_range: list[int]
    contents: bytes
    moment: str


@dataclass
class _Found:
    """How many there are in the whole file, wherever they stand."""

    seals: int = 0
    embedded: int = 0
    active: bool = False


def read(document: bytes) -> tuple[SealEntry, dict[str, str]]:
    """The only seal, over the whole file, and the attachments by media type; else Refused."""
    # Where it ends (ISO 32000-1, 7.5.5); a library would look for it through the whole file.
    if b"startxref" not in document[-TAIL_BYTES:]:
        raise Refused(ParsingError.reason)
    try:
        with pikepdf.open(BytesIO(document), attempt_recovery=False) as pdf:
            return _read(pdf, len(document))
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error


def _read(pdf: pikepdf.Pdf, size: int) -> tuple[SealEntry, dict[str, str]]:
    if pdf.is_encrypted:
        raise Refused("encrypted")
    found = _look_through(pdf)
    if not found.seals:
        raise Refused(_without_seal(pdf))
    if found.seals > 1:
        raise Refused("several_seals")
    entry = _entry(pdf)
    # Told first: whatever else an update did, it came after the seal.
    if sum(entry.byte_range[2:]) != size:
        raise Refused("changed_after_sealing")
    if pdf.get_warnings():
        raise Refused(ParsingError.reason)
    return entry, _contents(pdf, found)


def _contents(pdf: pikepdf.Pdf, found: _Found) -> dict[str, str]:
    """What is attached, once the seal is the only one; a caller checks the seal's bytes."""
    if found.active:
        raise Refused("active_content")
    attached = _attachments(pdf)
    if found.embedded != len(attached):
        raise Refused("attachment")
    return attached


def _look_through(pdf: pikepdf.Pdf) -> _Found:
    # What the file says first: to count its objects is to read them.
    if int(pdf.trailer.Size) > MAX_OBJECTS or len(pdf.objects) > MAX_OBJECTS:
        raise Refused(PolicyLimitError.reason)
    found = _Found()
    for each in pdf.objects:
        # The library writes each name in one form; only what may matter is looked at closely.
        if isinstance(each, Dictionary | Array | pikepdf.Stream) and _MARKS.search(_written(each)):
            _look_into(each, found)
    return found


def _written(each: Any) -> bytes:
    plain = each.stream_dict if isinstance(each, pikepdf.Stream) else each
    return bytes(plain.unparse(resolved=True))


def _look_into(top: Any, found: _Found) -> None:
    """Direct parts only: what is referred to is an object of its own and gets its turn."""
    stack = [top]
    while stack:
        each = stack.pop()
        if isinstance(each, Array):
            stack.extend(each[number] for number in range(len(each)))
        elif isinstance(each, Dictionary | pikepdf.Stream):
            _note(each, found)
            stack.extend(each[key] for key in each.keys())  # noqa: SIM118  no mapping
        stack = [one for one in stack if isinstance(one, pikepdf.Object) and not one.is_indirect]


def _note(each: Any, found: _Found) -> None:
    keys = set(each.keys())
    found.seals += "/ByteRange" in keys
    found.embedded += str(each.get("/Type")) == "/EmbeddedFile"
    kinds = {str(each.get("/S")), str(each.get("/Subtype"))}
    found.active |= bool(keys & _ACTIVE_KEYS or kinds & _ACTIVE_KINDS)


def _entry(pdf: pikepdf.Pdf) -> SealEntry:
    """The value of the only field, which is also the document's certification (DocMDP, P 1)."""
    try:
        [field] = pdf.Root.AcroForm.Fields
        seal, reference = field.V, field.V.Reference[0]
        parameters = reference.TransformParams
        plain = (
            "/Kids" not in field
            and Name.Sig == field.FT
            and seal.objgen == pdf.Root.Perms.DocMDP.objgen
            and seal.SubFilter == Name("/ETSI.CAdES.detached")
            and len(seal.Reference) == 1
            and Name.DocMDP == reference.TransformMethod
            and int(parameters.P) == 1
        )
        entry = SealEntry(
            [int(offset) for offset in seal.ByteRange], bytes(seal.Contents), str(seal.M)
        )
    except (AttributeError, KeyError, ValueError, IndexError, TypeError) as error:
        raise Refused("other_seal") from error
    if not plain:
        raise Refused("other_seal")
    return entry


def _attachments(pdf: pikepdf.Pdf) -> dict[str, str]:
    """In a flat name tree (ISO 32000-1, 7.9.6) and each kind once; more would leave a choice."""
    try:
        tree = pdf.Root.Names.EmbeddedFiles
        if "/Kids" in tree or not 1 <= len(tree.Names) // 2 <= _MAX_ATTACHMENTS:
            raise Refused("attachment")
        files = [each.EF.F for each in list(tree.Names)[1::2]]
        kinds = [str(file.Subtype)[1:] for file in files]
    except (AttributeError, KeyError, TypeError) as error:
        raise Refused("attachment") from error
    if len(set(kinds)) != len(kinds) or not ENCODINGS.keys() >= set(kinds):
        raise Refused("attachment")
    return {kind: _text(file, ENCODINGS[kind]) for kind, file in zip(kinds, files, strict=True)}


def _text(file: Any, encoding: str) -> str:
    try:
        return _data(file).decode(encoding)
    except (UnicodeDecodeError, zlib.error) as error:
        raise Refused("attachment") from error


def _data(file: Any) -> bytes:
    """The bytes of a stream, deflated once or not at all, as far as the limit."""
    raw = bytes(file.read_raw_bytes())
    if "/DecodeParms" in file or file.get("/Filter") not in {None, Name.FlateDecode}:
        raise Refused("attachment")
    if "/Filter" in file:
        inflating = zlib.decompressobj()
        raw = inflating.decompress(raw, MAX_ATTACHMENT_BYTES + 1)
        if len(raw) <= MAX_ATTACHMENT_BYTES and (not inflating.eof or inflating.unused_data):
            raise Refused("attachment")
    if len(raw) > MAX_ATTACHMENT_BYTES:
        raise Refused(PolicyLimitError.reason)
    return raw


def _without_seal(pdf: pikepdf.Pdf) -> str:
    if pdf.get_warnings():
        return ParsingError.reason
    return "scan" if _is_scan(pdf) else "no_seal"


def _is_scan(pdf: pikepdf.Pdf) -> bool:
    """Whether the first pages have no letters at all, as what a scanner makes."""
    pages = [page for _, page in zip(range(_SCAN_PAGES), pdf.pages, strict=False)]
    resources = [page.obj.get("/Resources", Dictionary()) for page in pages]
    return bool(pages) and not any("/Font" in each for each in resources)
