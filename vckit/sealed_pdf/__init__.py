"""Documents for people that software can check: typeset, machine data attached, sealed, opened.

PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) in one file, sealed PAdES B-B or B-T (ETSI EN
319 142-1). What makes a document is loaded when it is first used: the process that opens foreign
files (`opening`, `child`) needs none of it and must start at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from vckit.sealed_pdf.coverage import showable
    from vckit.sealed_pdf.seal import seal_pages
    from vckit.sealed_pdf.typesetting import Attachment, typeset

__all__ = ["Attachment", "seal_pages", "showable", "typeset"]

_MODULES: Final = {
    "Attachment": "typesetting",
    "seal_pages": "seal",
    "showable": "coverage",
    "typeset": "typesetting",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
