"""From data to pages, deterministically: typst writes no clock and no random identifier.

What goes into a template goes in as data, never as markup.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from vckit.sealed_pdf.coverage import FONTS, showable


@dataclass(frozen=True)
class Attachment:
    """A file inside: its name, media type and text."""

    name: str
    type: str
    text: str


def typeset(
    template: Path, view: Mapping[str, Any], attachments: Sequence[Attachment], made_at: int
) -> bytes:
    """The PDF of `template` (typst), which reads `sys.inputs.view` and `sys.inputs.attachments`.

    Every text of `view` is shown as far as the fonts have it (`showable`). `made_at` in epoch
    seconds is the document's date.
    """
    inputs = {
        "view": json.dumps(_showable(view), ensure_ascii=False),
        "attachments": json.dumps([asdict(attachment) for attachment in attachments]),
    }
    return typst.compile(
        str(template),
        root=str(template.parent),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["a-3a", "ua-1"],
        timestamp=made_at,
        font_paths=_fonts(),
    )


def _showable(value: Any) -> Any:
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, Mapping):
        return {name: _showable(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_showable(element) for element in value]
    return value


@cache
def _fonts() -> typst.Fonts:
    """Our own fonts only, so that every machine makes the same bytes."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
