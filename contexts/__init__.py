"""What JSON-LD, JSON Schema and credential types may mean here: shipped documents, never fetched.

`load` and `raw` give the documents of others by their URL, as recorded in ORIGIN.toml. Our own
are given by `own` under fixed keys, since their URLs begin with the base URL of the scheme.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

_FOLDER: Final = Path(__file__).parent
_TYPE_METADATA: Final = "vct/"

# Our own documents. In the files of `vct/…` the member `vct` is missing: see `type_metadata`.
OWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "context/v1": "blauwe_knop/context-v1.jsonld",
        # The same for data model 1.1, whose own context lacks the status list and the schema.
        "context/v1-1.1": "blauwe_knop/context-v1-1.1.jsonld",
        "schemas/schuldenopgave/1": "blauwe_knop/schuldenopgave-1.schema.json",
        "vct/schuldenopgave/1": "blauwe_knop/schuldenopgave-1.vct.json",
    }
)


class UnknownDocumentError(KeyError):
    """No document of that URL or key is shipped."""

    def __init__(self) -> None:
        super().__init__("no such document is shipped")


class ChangedDocumentError(RuntimeError):
    """A shipped file is not the one that ORIGIN.toml records; the installation is damaged."""


@dataclass(frozen=True)
class Document:
    """A shipped document of others. `path` is inside this package, `sha256` in hex."""

    url: str
    path: str
    sha256: str
    media_type: str
    origin: str
    licence: str
    note: str = ""


@cache
def documents() -> Mapping[str, Document]:
    """Every shipped document of others by its URL."""
    entries = tomllib.loads((_FOLDER / "ORIGIN.toml").read_text(encoding="utf-8"))["document"]
    return MappingProxyType({entry["url"]: Document(**entry) for entry in entries})


@cache
def raw(url: str) -> bytes:
    """The bytes at `url` as their publisher has them; UnknownDocumentError for any other URL."""
    document = documents().get(url)
    if document is None:
        raise UnknownDocumentError
    content = (_FOLDER / document.path).read_bytes()
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise ChangedDocumentError(document.path)
    return content


@cache
def load(url: str) -> dict[str, Any]:
    """The JSON object at `url`, parsed once: everybody gets the same one, so change nothing."""
    parsed: dict[str, Any] = json.loads(raw(url))
    return parsed


@cache
def own(key: str) -> bytes:
    """The bytes of our own document under one of the keys of `OWN`."""
    if key not in OWN:
        raise UnknownDocumentError
    return (_FOLDER / OWN[key]).read_bytes()


@cache
def type_metadata(name: str, base_url: str) -> bytes:
    """SD-JWT VC type metadata of `schuldenopgave/1` and the like, as served under `base_url`.

    The same arguments give the same bytes, for `vct#integrity` and the scheme's hash.
    """
    key = _TYPE_METADATA + name
    metadata = {"vct": f"{base_url}/{key}", **json.loads(own(key))}
    return json.dumps(metadata, ensure_ascii=True, indent=1).encode("ascii") + b"\n"
