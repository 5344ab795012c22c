"""A draft: the payload of the next scheme as plain JSON, before anybody signed it.

Every verb gives a new payload and leaves the one it was given; what would be no scheme is refused
with a SchemeError. Member names are those of the wire, Dutch.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import contexts
from vckit.encoding import sha256_b64url
from vckit.errors import KitError
from vckit.trust import SchemeError, read_payload

DAY_SECONDS: Final = 86_400
_SCHEMA: Final = "schemas/schuldenopgave/1"
_TYPE: Final = "schuldenopgave/1"

Payload = dict[str, Any]
Entry = Mapping[str, Any]


class EntryError(KitError):
    """The entry does not fit the draft; the text names why."""


def first(operator: str, base_url: str, *, now: int, days: int, demo: bool) -> Payload:
    """The first draft of a new scheme: no organisations yet, so it can't be signed as it is."""
    draft: Payload = {
        "iss": operator,
        "iat": now,
        "exp": now + days * DAY_SECONDS,
        "versie": 1,
        "basis": base_url,
        **documents(base_url),
        "organisaties": [],
    }
    return {**draft, "demo": True} if demo else draft


def documents(base_url: str) -> Payload:
    """What the words mean: the documents of this program, as issuers serve them."""
    return {
        "context": _document(f"{base_url}/contexts/v1", contexts.own("context/v1")),
        "schemas": [_document(f"{base_url}/{_SCHEMA}", contexts.own(_SCHEMA))],
        "vct": [_document(f"{base_url}/vct/{_TYPE}", contexts.type_metadata(_TYPE, base_url))],
    }


def following(payload: Mapping[str, Any], *, now: int, days: int) -> Payload:
    """The same organisations under the next version, made now."""
    version = read_payload(payload).version + 1
    return {**payload, "iat": now, "exp": now + days * DAY_SECONDS, "versie": version}


def add(draft: Mapping[str, Any], entry: Entry) -> Payload:
    """The draft with one more organisation; EntryError when its number is there already."""
    if _has(draft, entry.get("oin")):
        raise EntryError("an organisation with this OIN is there already: use replace")
    return _with(draft, [*_entries(draft), dict(entry)], entry)


def replace(draft: Mapping[str, Any], entry: Entry) -> Payload:
    """The draft with this entry in the place of the one with the same OIN."""
    return _changed(draft, entry.get("oin"), lambda _before: dict(entry))


def join(draft: Mapping[str, Any], entry: Entry) -> Payload:
    """The draft with another role for an organisation that is there: keys and purpose are added.

    What it said of itself stays, `start_url` too.
    """
    return _changed(draft, entry.get("oin"), lambda before: _joined(before, entry))


def _joined(before: Payload, entry: Entry) -> Payload:
    if before.get("naam") != entry.get("naam") or set(before["rol"]) & set(entry.get("rol", ())):
        raise EntryError("the entry has another name, or no role that is new: use replace")
    lists = {
        name: [*before.get(name, ()), *(one for one in more if one not in before.get(name, ()))]
        for name, more in entry.items()
        if isinstance(more, list)
    }
    return {**entry, **before, **lists}


def end(draft: Mapping[str, Any], oin: str, day: str) -> Payload:
    """The draft in which an organisation takes part until `day` (YYYY-MM-DD, 00:00 Dutch time).

    It stays in sight: nobody can come back under its number or keys by mistake.
    """
    return _changed(draft, oin, lambda before: {**before, "geldig_tot": day})


def _changed(
    draft: Mapping[str, Any], oin: object, change: Callable[[Payload], Payload]
) -> Payload:
    if not _has(draft, oin):
        raise EntryError("no organisation has this OIN: use add")
    entries = [change(one) if one.get("oin") == oin else one for one in _entries(draft)]
    return _with(draft, entries, next(one for one in entries if one.get("oin") == oin))


def _with(draft: Mapping[str, Any], entries: list[Any], changed: Entry) -> Payload:
    if changed.get("demo") and not draft.get("demo"):
        # Row T13: what a demo made is known to everybody who has the demo.
        raise EntryError("this entry comes from a demo, and the scheme is for real debts")
    after = {**draft, "organisaties": entries}
    try:
        read_payload(after)
    except SchemeError as error:
        raise EntryError(str(error)) from None
    return after


def _has(draft: Mapping[str, Any], oin: object) -> bool:
    return any(one.get("oin") == oin for one in _entries(draft))


def _entries(draft: Mapping[str, Any]) -> list[Payload]:
    entries = draft.get("organisaties")
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise EntryError("the draft has no list of organisations")
    return entries


def _document(url: str, content: bytes) -> dict[str, str]:
    return {"url": url, "sha256": sha256_b64url(content)}
