"""What the register keeps of one person in one import."""

import json
from collections.abc import Iterable
from hashlib import blake2b
from operator import itemgetter
from typing import Final, NamedTuple, Self

_CONTENT: Final = itemgetter(0)


class Entry(NamedTuple):
    """All debts of one person: pseudonym, and as JSON their lines, birth indexes and contents.

    The debts are in the order of their content: equal debts are equal text, with equal digest.
    """

    person: str
    digest: bytes
    lines: str
    births: str | None
    content: str

    @classmethod
    def of(cls, person: str, debts: Iterable[tuple[str, int, str | None]]) -> Self:
        """From content (JSON), line and birth index of every debt, in any order."""
        contents, lines, births = zip(*sorted(debts, key=_CONTENT), strict=True)
        told = json.dumps(births) if any(births) else None
        content = f"[{','.join(contents)}]"
        digest = blake2b(content.encode(), digest_size=16).digest()
        return cls(person, digest, str(list(lines)), told, content)
