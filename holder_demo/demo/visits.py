"""What people do at the pages of the services, step by step, as they would in a browser."""

from dataclasses import dataclass, field
from typing import Any

from holder_demo.demo.browser import Browser, Form, Page, StuckError, expect_ok, log_in
from holder_demo.persons import Person
from vckit import strict_json

OFFER_SCHEME = "openid-credential-offer:"
PDF = "application/pdf"


@dataclass
class ResidentVisit:
    """A resident (or who acts for one) at the pages of one municipality."""

    base_url: str
    person: Person
    browser: Browser = field(default_factory=Browser)

    def log_in(self) -> Page:
        """Log in and see the own debts."""
        return log_in(self.browser.session, f"{self.base_url}/mijn-schulden", self.person)

    def offer_link(self) -> str:
        """Have a code made for an app and give the link in it; logs in first where needed."""
        self._logged_in()
        page = expect_ok(self.browser.open(f"{self.base_url}/app"))
        made = expect_ok(self.browser.submit(page.form(action="/app")))
        return made.link(start=OFFER_SCHEME)

    def document(self) -> bytes:
        """Press the Blauwe Knop and give the PDF; logs in first where needed."""
        page = self._logged_in()
        got = expect_ok(self.browser.submit(page.form(action="/document")))
        if got.media_type != PDF:
            raise StuckError("the Blauwe Knop gave no PDF")
        return got.body

    def withdrawals(self) -> list[Form]:
        """The forms that would withdraw what was given out, each on its own page."""
        self._logged_in()
        listed = expect_ok(self.browser.open(f"{self.base_url}/meegegeven"))
        pages = [href for href, _ in listed.links if "/meegegeven/intrekken/" in href]
        return [self.browser.open(page).form(action="/meegegeven/intrekken") for page in pages]

    def withdraw_all(self) -> Page:
        """Withdraw everything that was given out, and give the list of it."""
        for form in self.withdrawals():
            expect_ok(self.browser.submit(form))
        return expect_ok(self.browser.open(f"{self.base_url}/meegegeven"))

    def _logged_in(self) -> Page:
        page = self.browser.open(f"{self.base_url}/mijn-schulden")
        return page if page.url.startswith(self.base_url) else self.log_in()


@dataclass
class WalletVisit:
    """Somebody at the pages of their own wallet."""

    base_url: str
    pin: str
    browser: Browser = field(default_factory=Browser)

    def unlock(self) -> Page:
        """Open the wallet, or make it where there is none yet."""
        page = expect_ok(self.browser.open(f"{self.base_url}/"))
        return expect_ok(self.browser.submit(page.form(action="/ontgrendelen"), {"pin": self.pin}))

    def accept(self, link: str, tx_code: str | None = None) -> Page:
        """Receive the card of an offer link, looking at every page on the way, and keep it."""
        page = self._use(link)
        page = expect_ok(self.browser.submit(page.form(action="/bekijken")))
        code = {} if tx_code is None else {"code": tx_code}
        page = expect_ok(self.browser.submit(page.form(action="/ophalen"), code))
        decided = {"besluit": "bewaren"}
        return expect_ok(self.browser.submit(page.form(action="/beslissen"), decided))

    def share(self, link: str) -> Page:
        """Answer a request link with everything that it proposes."""
        page = self._use(link)
        page = expect_ok(self.browser.submit(page.form(action="/bekijken")))
        return expect_ok(self.browser.submit(page.form(action="/beslissen"), {"besluit": "ja"}))

    def _use(self, link: str) -> Page:
        page = expect_ok(self.browser.open(f"{self.base_url}/"))
        return expect_ok(self.browser.submit(page.form(action="/link"), {"link": link}))


@dataclass
class CounsellorVisit:
    """A debt counsellor at the pages of the verifier, with one case."""

    base_url: str
    person: Person
    browser: Browser = field(default_factory=Browser)
    case_url: str = ""

    def log_in(self) -> Page:
        """Log in and see the own cases."""
        return log_in(self.browser.session, f"{self.base_url}/zaken", self.person)

    def open_case(self, resident: Person) -> None:
        """Begin a case for somebody; the question to every organisation is asked with it."""
        self.log_in()
        page = expect_ok(self.browser.open(f"{self.base_url}/zaken/nieuw"))
        stated = {
            "family_name": resident.family_name,
            "given_name": resident.given_name,
            "birthdate": resident.birthdate,
        }
        begun = expect_ok(self.browser.submit(page.form(name="family_name"), stated))
        self.case_url = begun.url

    def request_link(self) -> str:
        """Give the link for the resident's wallet."""
        page = expect_ok(self.browser.open(f"{self.case_url}?script=nee"))
        return page.link(start="openid4vp:")

    def upload(self, name: str, pdf: bytes) -> Page:
        """Add a sealed document to the case."""
        page = expect_ok(self.browser.open(f"{self.case_url}/document"))
        form = page.form(action="/document")
        return expect_ok(self.browser.submit(form, files={form.files[0]: (name, pdf, PDF)}))

    def overview(self) -> dict[str, Any]:
        """Read the overview of the case as JSON; amounts in cents."""
        page = expect_ok(self.browser.open(f"{self.case_url}/overzicht.json"))
        return strict_json.loads_object(page.body)
