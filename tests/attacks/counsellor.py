"""A counsellor at the verifier's pages, and what wallets post to the cases that are open there."""

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from holder_demo.demo.browser import Browser, Form, Page, expect_ok, log_in
from holder_demo.demo.world import World
from holder_demo.persons import Person
from tests.attacks.exchange import Answer, post, send
from tests.attacks.holder import Card, Presented, W3cCard
from vckit import jwe, strict_json
from vckit.openid4vp import request, response
from vckit.openid4vp.request import RequestReference, VerifiedRequest

QUERY_ID = "schuldenopgave_sd_jwt"
REQUEST_STATE = "state"


@dataclass
class Counsellor:
    """One log-in at the verifier of a world; `open` begins cases in it."""

    world: World
    browser: Browser = field(default_factory=Browser)

    def __post_init__(self) -> None:
        self.url = self.world.url("verifier")
        log_in(self.browser.session, f"{self.url}/zaken", self.world.counsellor)
        page = expect_ok(self.browser.open(f"{self.url}/zaken/nieuw"))
        # One form for all cases: its token holds as long as the log-in.
        self.form = page.form(name="family_name")
        self.token = dict(self.form.fields)["csrf_token"]

    def open(self, about: Person | None) -> "Case":
        """A new case about somebody; its question is asked with it."""
        names = ("family_name", "given_name", "birthdate")
        stated = {name: str(getattr(about, name)) for name in names} if about else {}
        # A form makes one case; another id makes it another form.
        fresh = {"case": secrets.token_hex(16)}
        page = expect_ok(self.browser.submit(self.form, {**stated, **fresh}))
        return Case(self, page.url)


@dataclass
class Case:
    """A case at its pages. Attacks begin with `ask` and end with `answer` or `upload`.

    `asked` tells whether the question that came with the case was used.
    """

    counsellor: Counsellor
    url: str
    asked: bool = False

    def ask(self) -> VerifiedRequest:
        """What a wallet reads of the case's question; asked again where it was used."""
        return fetch(self.new_link())

    def new_link(self) -> str:
        """The link of a question that nobody fetched yet."""
        if self.asked:
            self.press("vraag")
        self.asked = True
        return self.link()

    def press(self, action: str, **values: str) -> Page:
        """Send a form of the case's page."""
        fields = [("csrf_token", self.counsellor.token), *values.items()]
        return expect_ok(
            self.counsellor.browser.submit(Form(f"{self.url}/{action}", "post", fields))
        )

    def link(self, *, scripted: bool = False) -> str:
        """The link of the question that is open now; by default of a page without scripts."""
        address = self.url if scripted else f"{self.url}?script=nee"
        return expect_ok(self.counsellor.browser.open(address)).link(start="openid4vp:")

    def report(self) -> dict[str, Any]:
        """The overview as JSON."""
        page = expect_ok(self.counsellor.browser.open(f"{self.url}/overzicht.json"))
        return strict_json.loads_object(page.body, strict_json.Limits(string=1_048_576))

    def found(self) -> dict[str, Any]:
        """The overview without the state of its newest request and the moment of asking."""
        passing = {REQUEST_STATE, "made_at"}
        return {name: value for name, value in self.report().items() if name not in passing}

    def reasons(self) -> list[str]:
        """Why what does not count does not count."""
        return reasons(self.report())

    def upload(self, document: bytes, media_type: str = "application/pdf") -> Answer:
        """Post a file as a program does that wants to hear why it is refused."""
        begun = time.monotonic()
        given = self.counsellor.browser.session.post(
            f"{self.url}/document",
            data={"csrf_token": self.counsellor.token},
            files={"document": ("opgave.pdf", document, media_type)},
            headers={"Accept": "application/problem+json"},
            allow_redirects=False,
            timeout=30,
        )
        seconds = time.monotonic() - begun
        return Answer(given.status_code, given.headers, given.content, seconds)


def reasons(report: dict[str, Any]) -> list[str]:
    """The reasons of all findings of an overview."""
    return [finding["reason"] for finding in report["findings"]]


def fetch(link: str) -> VerifiedRequest:
    """The request behind a link, verified as an honest wallet does."""
    reference = request.parse_link(link)
    assert isinstance(reference, RequestReference)
    answer = send("GET", reference.request_uri)
    assert answer.status == 200, answer.body
    return request.verify(
        answer.body.decode("ascii"),
        expected_client_id=reference.client_id,
        now=int(time.time()),
        trust=lambda _chain: None,
    )


def presented(asked: VerifiedRequest, *cards: Card | W3cCard) -> list[str | Presented]:
    """Honest presentations for one request."""
    return [card.present(asked.client_id, asked.nonce) for card in cards]


def respond(asked: VerifiedRequest, *presentations: str | Presented) -> Answer:
    """Post presentations, encrypted where that was asked."""
    return post_form(asked, response.build(vp_token(*presentations), asked))


def vp_token(*presentations: str | Presented) -> dict[str, list[Any]]:
    """What answers each query."""
    token: dict[str, list[Any]] = {}
    for each in presentations:
        entry = each if isinstance(each, Presented) else Presented(QUERY_ID, each)
        token.setdefault(entry.query_id, []).append(entry.presentation)
    return token


def post_form(asked: VerifiedRequest, form: Any) -> Answer:
    return post(asked.response_uri, data=form)


def recipient(asked: VerifiedRequest) -> dict[str, Any]:
    """The JWK that the answer to a request is encrypted to."""
    [jwk] = asked.client_metadata["jwks"]["keys"]
    return dict(jwk)


def encrypted(asked: VerifiedRequest, members: Any) -> dict[str, str]:
    """The form of any response; `members` is its JSON, or the bytes in its place."""
    plaintext = members if isinstance(members, bytes) else json.dumps(members).encode()
    return {"response": jwe.encrypt(plaintext, recipient(asked), enc="A256GCM")}
