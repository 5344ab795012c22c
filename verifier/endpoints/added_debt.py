"""What a counsellor fills in for a debt that no credential covers."""

import re
import secrets
from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _

from verifier.beside import HandDebt, Subject
from verifier.endpoints.entry import EntryError
from verifier.usual import CODES

_LENGTHS: Final = {"creditor": 200, "description": 200, "reference": 100}
# 1.234,50 or 1234,5 or 1234.50: a dot before three figures stands for thousands.
_AMOUNT: Final = re.compile(
    r"(?:€ ?)?(?P<euros>[0-9]{1,3}(?:\.[0-9]{3}){1,2}|[0-9]{1,9})"
    r"(?:[,.](?P<cents>[0-9]{1,2})|,-)?"
)
_ID: Final = re.compile("[0-9a-f]{16}")
# How the form tells whose a debt is.
_SUBJECTS: Final[Mapping[str, Subject]] = {"1": 0, "2": 1, "samen": None}


def read(form: Mapping[str, str], *, household: bool) -> HandDebt:
    """Read the form; `household`: the case is about two persons.

    EntryError tells what to change.
    """
    texts = {name: form.get(name, "").strip() for name in _LENGTHS}
    if not texts["creditor"]:
        raise EntryError(_("Vul in aan wie de schuld betaald moet worden."))
    if any(len(texts[name]) > length for name, length in _LENGTHS.items()):
        raise EntryError(_("Een tekst is te lang."))
    given = form.get("id", "")
    usual = form.get("usual", "")
    return HandDebt(
        id=given if _ID.fullmatch(given) else secrets.token_hex(8),
        amount=cents(form.get("amount", "")),
        usual=usual if usual in CODES else None,
        subject=_SUBJECTS.get(form.get("subject", ""), 0) if household else 0,
        **texts,
    )


def require_room(*, added: bool) -> None:
    """EntryError where a debt was not added because there are too many."""
    if not added:
        raise EntryError(_("Er staan al te veel schulden in deze lijst."))


def cents(text: str) -> int:
    """An amount as people write it, in cents; EntryError when it is none or zero."""
    found = _AMOUNT.fullmatch(text.strip().replace("\N{NO-BREAK SPACE}", " "))
    if found is None:
        raise EntryError(_("Schrijf het bedrag in cijfers, bijvoorbeeld 1.234,50."))
    euros = int(found["euros"].replace(".", ""))
    amount = 100 * euros + int((found["cents"] or "0").ljust(2, "0"))
    if not amount:
        raise EntryError(_("Vul een bedrag in dat hoger is dan nul."))
    return amount
