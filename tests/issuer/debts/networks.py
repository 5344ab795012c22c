"""A small administration that answers by http, as a Fetcher: it pages, and can break off."""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from vckit.errors import FetchError
from vckit.network import Response

ADDRESS = "https://vorderingen.example/api/v1/debts"


@dataclass
class Administration:
    """Gives `items` in pages of `size`; page numbers in `broken` do not answer.

    `asked` holds every address and the headers that went with it.
    """

    items: list = field(default_factory=list)
    size: int = 2
    broken: tuple = ()
    total: int | None = None
    day: str | None = None
    asked: list = field(default_factory=list)
    bodies: dict = field(default_factory=dict)

    def get(self, url, *, accept, max_bytes, redirects=0, headers=None):  # noqa: ARG002  a Fetcher
        self.asked.append((url, dict(headers or {})))
        page = int(parse_qs(urlsplit(url).query).get("page", ["1"])[0])
        if page in self.broken:
            raise FetchError("there was no valid answer")
        if page in self.bodies:
            return Response(200, self.bodies[page], "application/json")
        return Response(200, json.dumps(self.document(page)).encode(), "application/json")

    def document(self, page):
        first = (page - 1) * self.size
        more = first + self.size < len(self.items)
        return {
            "count": len(self.items) if self.total is None else self.total,
            "per": self.day,
            "links": {"next": f"{ADDRESS}?page={page + 1}" if more else None},
            "results": self.items[first : first + self.size],
        }
