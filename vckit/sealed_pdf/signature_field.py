"""The place of the seal, laid in before sealing.

A signature field that is added while signing has no structure element, which breaks PDF/UA
(ISO 14289-1, 7.18.1 and 7.18.4). So the widget, its tooltip and its Form element come first.
"""

from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

FIELD_NAME = "Zegel"
_PRINT_AND_LOCKED = 4 | 128
_NOWHERE: list[Any] = [0, 0, 0, 0]  # no appearance needed (ISO 19005-3, 6.3.3)


def lay_in(document: bytes, description: str) -> bytes:
    """Add an empty, invisible signature field, described for people by `description`."""
    with pikepdf.open(BytesIO(document)) as pdf:
        page = pdf.pages[0].obj
        widget = pdf.make_indirect(_widget(page, description))
        page.Annots = Array([*page.get("/Annots", Array()), widget])
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([widget]), SigFlags=3))
        _add_to_structure(pdf, widget, page, description)
        return _saved(pdf)


def _widget(page: Any, description: str) -> Dictionary:
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T=String(FIELD_NAME),
        TU=String(description),
        F=_PRINT_AND_LOCKED,
        Rect=Array(_NOWHERE),
        P=page,
    )


def _add_to_structure(pdf: pikepdf.Pdf, widget: Any, page: Any, description: str) -> None:
    tree = pdf.Root.StructTreeRoot
    root = tree.K[0] if isinstance(tree.K, Array) else tree.K
    reference = Dictionary(Type=Name.OBJR, Obj=widget, Pg=page)
    form = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem, S=Name.Form, P=root, Pg=page, Alt=String(description), K=reference
        )
    )
    root.K.append(form)
    key = int(tree.ParentTreeNextKey)
    widget.StructParent = key
    number: Any = key
    tree.ParentTree.Nums.extend([number, form])
    tree.ParentTreeNextKey = key + 1


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return out.getvalue()
