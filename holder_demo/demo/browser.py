"""A person at a browser without JavaScript: opens pages, follows links, fills in forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

from holder_demo.persons import Person

TIMEOUT = 60
_VOID_TYPES = {"submit", "button", "image", "reset", "file"}


class StuckError(Exception):
    """The page is not what a person would expect there; the text names page and expectation."""


@dataclass
class Form:
    """A form of a page: where it goes, what it already holds, and its buttons.

    A field may occur more than once, as ticked boxes do.
    """

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True)
class Page:
    """What a browser shows after loading."""

    url: str
    status: int
    body: bytes
    media_type: str
    links: Sequence[tuple[str, str]]
    forms: Sequence[Form]

    def form(self, *, action: str = "", name: str = "") -> Form:
        """Find the form whose action's path ends with `action` and that has a field `name`."""
        for form in self.forms:
            named = (*form.fields, *form.buttons)
            names = {*form.files, *(one[0] for one in named)}
            if urlsplit(form.action).path.endswith(action) and (not name or name in names):
                return form
        raise StuckError(f"{urlsplit(self.url).path}: no form {action or name}")

    def link(self, *, start: str = "", path: str = "") -> str:
        """Find the address of a link by how it starts, or by how its path ends."""
        for href, _ in self.links:
            if href.startswith(start) and urlsplit(href).path.endswith(path):
                return href
        raise StuckError(f"{urlsplit(self.url).path}: no link {start or path}")


class Browser:
    """Keeps cookies between pages, as one browser window of one person does."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False  # local addresses only, never by a proxy

    def open(self, url: str) -> Page:
        """Load a page, following its redirects."""
        return _page(self.session.get(url, timeout=TIMEOUT))

    def submit(
        self,
        form: Form,
        values: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Page:
        """Send a form with some fields filled in over what it already holds."""
        filled = values or {}
        kept = [(name, value) for name, value in form.fields if name not in filled]
        data = [*kept, *filled.items()]
        if form.method == "get":
            return _page(self.session.get(form.action, params=data, timeout=TIMEOUT))
        answer = self.session.post(form.action, data=data, files=files, timeout=TIMEOUT)
        return _page(answer)


def log_in(session: requests.Session, url: str, person: Person) -> Page:
    """Open `url`, choose `person` at the stand-in that it leads to, and give where one ends.

    Raises StuckError when no log-in page comes or it does not know this person.
    """
    page = _page(session.get(url, timeout=TIMEOUT))
    form = page.form(action="/oauth2/authorize", name="sub")
    if ("sub", person.login) not in {button[:2] for button in form.buttons}:
        raise StuckError("the log-in page does not offer this person")
    page = _page(session.post(form.action, data={"sub": person.login}, timeout=TIMEOUT))
    if page.status != requests.codes.ok:
        raise StuckError(f"{urlsplit(page.url).path}: logging in ended with {page.status}")
    return page


def expect_ok(page: Page) -> Page:
    """Give the page back, or raise StuckError when it is an error page."""
    if page.status >= requests.codes.bad_request:
        raise StuckError(f"{urlsplit(page.url).path}: HTTP {page.status}")
    return page


def _page(answer: requests.Response) -> Page:
    media_type = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()
    reader = _Reader(answer.url)
    if media_type == "text/html":
        reader.feed(answer.text)
    return Page(
        answer.url, answer.status_code, answer.content, media_type, reader.links, reader.forms
    )


class _Reader(HTMLParser):
    """Collects the links and forms of a page."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._form: Form | None = None
        self._button: tuple[str, str] | None = None
        self._select: str | None = None
        self._area: str | None = None
        self._link: str | None = None
        self._text = ""
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        starts = {
            "a": self._start_link,
            "form": self._start_form,
            "input": self._start_input,
            "button": self._start_button,
            "select": self._start_select,
            "option": self._start_option,
            "textarea": self._start_area,
        }
        if tag in starts:
            starts[tag](given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            self.links.append((self._link, self._text.strip()))
            self._link = None
        elif tag == "form":
            self._form = None
        elif tag == "button" and self._form and self._button:
            self._form.buttons.append((*self._button, self._text.strip()))
            self._button = None
        elif tag == "textarea" and self._form and self._area is not None:
            self._form.fields.append((self._area, self._text))
            self._area = None

    def handle_data(self, data: str) -> None:
        self._text += data
        if self._form:
            self._form.text += data

    def _start_link(self, given: dict[str, str]) -> None:
        self._link, self._text = urljoin(self._url, given.get("href", "")), ""

    def _start_form(self, given: dict[str, str]) -> None:
        action = urljoin(self._url, given.get("action") or self._url)
        self._form = Form(action, given.get("method", "get").lower())
        self.forms.append(self._form)

    def _start_input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower()
        if self._form is None or not given.get("name"):
            return
        if kind == "file":
            self._form.files.append(given["name"])
        if kind in _VOID_TYPES or (kind in {"checkbox", "radio"} and "checked" not in given):
            return
        missing = "on" if kind == "checkbox" else ""
        self._form.fields.append((given["name"], given.get("value", missing)))

    def _start_button(self, given: dict[str, str]) -> None:
        self._button, self._text = (given.get("name", ""), given.get("value", "")), ""

    def _start_select(self, given: dict[str, str]) -> None:
        self._select = given.get("name")

    def _start_option(self, given: dict[str, str]) -> None:
        if self._form is None or not self._select:
            return
        chosen = (self._select, given.get("value", ""))
        earlier = [pair for pair in self._form.fields if pair[0] == self._select]
        if not earlier:
            self._form.fields.append(chosen)
        elif "selected" in given:
            self._form.fields[self._form.fields.index(earlier[0])] = chosen

    def _start_area(self, given: dict[str, str]) -> None:
        self._area, self._text = given.get("name"), ""
