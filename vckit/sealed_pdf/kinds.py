"""What a file is by how it begins, so that people are told what they chose instead of a document.

A PDF must begin as one: junk before its header makes polyglots possible (row X17).
"""

import re
from typing import Final

PDF: Final = "pdf"
# None of these is ever opened; each is a reason of `opening.STATUSES`.
PHOTO: Final = "photo"
OFFICE_FILE: Final = "office_file"
EMAIL: Final = "email"
OTHER: Final = "not_a_pdf"

_STARTS: Final = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", PHOTO),  # JPEG
    (b"\x89PNG\r\n\x1a\n", PHOTO),
    (b"GIF8", PHOTO),
    (b"II*\x00", PHOTO),  # TIFF
    (b"MM\x00*", PHOTO),
    (b"{\\rtf", OFFICE_FILE),
)
# ISO 14496-12: HEIC and AVIF, as telephones make them.
_IMAGE_BOXES: Final = re.compile(rb"^.{4}ftyp(heic|heix|heif|mif1|msf1|avif)", re.DOTALL)
_WEBP: Final = re.compile(rb"^RIFF.{4}WEBP", re.DOTALL)
_ZIP: Final = b"PK\x03\x04"
_OFFICE_ZIP: Final = re.compile(rb"\[Content_Types\]\.xml|opendocument")
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # MS-CFB 2.2
_OUTLOOK: Final = "__substg1.0_".encode("utf-16-le")
# RFC 5322 3.6, 2.2: a message begins with header fields.
_MESSAGE: Final = re.compile(
    rb"^(from |(return-path|received|delivered-to|from|to|subject|date|message-id|mime-version|"
    rb"x-[a-z0-9-]+|dkim-signature|arc-[a-z-]+|authentication-results):)",
    re.IGNORECASE,
)
_HEAD_BYTES: Final = 65_536


def kind_of(content: bytes) -> str:
    """PDF, or what the file seems to be in the place of one."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if _IMAGE_BOXES.match(content) or _WEBP.match(content):
        return PHOTO
    if content.startswith(_ZIP) and _OFFICE_ZIP.search(content[:_HEAD_BYTES]):
        return OFFICE_FILE
    if content.startswith(_COMPOUND):
        return EMAIL if _OUTLOOK in content else OFFICE_FILE
    return EMAIL if _MESSAGE.match(content) else OTHER
