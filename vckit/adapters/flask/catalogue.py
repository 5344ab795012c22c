"""The English of a package's Dutch sentences: find them, keep them complete, compile them.

Each package with pages (this one, issuer, verifier, holder_demo) has a folder
`translations/en/LC_MESSAGES` with `messages.po`, which people edit, and `messages.mo`, which is
compiled from it; both are committed. Sentences are marked `_("…")` in templates and
`gettext("…")` or `lazy_gettext("…")` in code. After a change:

    python -m vckit.adapters.flask.catalogue issuer

It adds new sentences without English, drops the ones that are gone, and compiles. A test of the
package holds it: `untranslated(folder) == []` and `is_compiled(folder)`.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

LANGUAGE: Final = "en"
METHODS: Final = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
# The compiled file carries dates; fixed ones keep it the same until a sentence changes.
DATE: Final = datetime(2026, 1, 1, tzinfo=UTC)


def sentences(folder: Path) -> Catalog:
    """All marked sentences below `folder`, without places."""
    found = Catalog(locale=LANGUAGE)
    for _, _, message, _, context in extract_from_dir(folder, METHODS, keywords=KEYWORDS):
        found.add(message, context=context)
    return found


def read(folder: Path) -> Catalog:
    """The catalogue of `folder` as it is on disk; empty when there is none yet."""
    path = _path(folder, "po")
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def untranslated(folder: Path) -> list[str]:
    """Sentences of `folder` that have no English, or whose English is not needed any more."""
    known = {str(message.id): message for message in read(folder) if message.id}
    wanted = {str(message.id) for message in sentences(folder) if message.id}
    missing = [key for key in wanted if key not in known or not _is_complete(known[key].string)]
    return sorted(missing) + sorted(set(known) - wanted)


def is_compiled(folder: Path) -> bool:
    """Whether the compiled file says what the edited file says."""
    compiled = _path(folder, "mo")
    if not compiled.exists():
        return False
    with compiled.open("rb") as file:
        return _pairs(read_mo(file)) == _pairs(read(folder))


def update(folder: Path) -> None:
    """Bring the edited and the compiled file to the sentences of today."""
    known = {message.id: message.string for message in read(folder)}
    catalogue = Catalog(locale=LANGUAGE)
    for message in sentences(folder):
        if message.id:
            catalogue.add(message.id, known.get(message.id))
    _path(folder, "po").parent.mkdir(parents=True, exist_ok=True)
    with _path(folder, "po").open("wb") as file:
        write_po(file, catalogue, sort_output=True, width=98, omit_header=True)
    _path(folder, "mo").write_bytes(_compile(read(folder)))


def _compile(catalogue: Catalog) -> bytes:
    plain = Catalog(locale=LANGUAGE, creation_date=DATE, revision_date=DATE, fuzzy=False)
    for message in catalogue:
        if message.id:
            plain.add(message.id, message.string)
    buffer = BytesIO()
    write_mo(buffer, plain)
    return buffer.getvalue()


def _pairs(catalogue: Catalog) -> dict[object, object]:
    return {_key(message.id): _key(message.string) for message in catalogue if message.id}


def _key(text: object) -> object:
    """Forms of a plural come as list or tuple, depending on the file they are read from."""
    return tuple(text) if isinstance(text, list) else text


def _is_complete(english: object) -> bool:
    parts = english if isinstance(english, (tuple, list)) else (english,)
    return all(parts)


def _path(folder: Path, suffix: str) -> Path:
    return folder / "translations" / LANGUAGE / "LC_MESSAGES" / f"messages.{suffix}"


def main(folders: Sequence[str]) -> None:
    """Update the catalogues of these folders."""
    for folder in folders:
        update(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
