"""Who takes part in the journeys: residents with a wallet of their own, the desk, the counsellor.

Wallets and commands run in this process and speak HTTP to the running services; pages are read as
by a browser without JavaScript.
"""

import io
import json
import secrets
import time
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date

from holder_demo import config, keystore, opening
from holder_demo.demo.visits import CounsellorVisit, ResidentVisit
from holder_demo.demo.world import PIN, World
from holder_demo.persons import Person
from holder_demo.wallet import Wallet
from issuer import cli as issuer_cli
from verifier import cli as verifier_cli

BOXTEL, OTHER = "boxtel", "sint-michielsgestel"
NAMES = {BOXTEL: "Gemeente Boxtel", OTHER: "Gemeente Sint-Michielsgestel"}


def now():
    return int(time.time())


def command(main, path, *arguments):
    """Run one of our commands as one would type it, and give what it prints as JSON."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        status = main(["--config", str(path), *arguments, "--json"])
    assert status == 0
    return json.loads(printed.getvalue())


class Recording:
    """A Fetcher that writes down the addresses it asks."""

    def __init__(self, fetcher, addresses):
        self._fetcher, self._addresses = fetcher, addresses

    def get(self, url, **how):
        self._addresses.append(url)
        return self._fetcher.get(url, **how)

    def post(self, url, **how):
        self._addresses.append(url)
        return self._fetcher.post(url, **how)


@dataclass
class Scene:
    """A world with somewhere to keep wallets; `addresses` are all that anybody opened."""

    world: World
    folder: Path
    addresses: list[str] = field(default_factory=list)

    def resident(self, which):
        """A resident of the data (by place in expected.json, or the person), with a new wallet."""
        person = which if isinstance(which, Person) else self.world.residents[which]
        return Resident(self, person, self._new_wallet())

    def offer(self, slug, person, *extra):
        """What the desk hands over: link, code, transaction code."""
        path = self.world.config_path(slug)
        return command(issuer_cli.main, path, "offer", "--bsn", person.bsn, *extra)

    def revoke(self, slug, person, *extra):
        """Revoke at the desk; the records that were."""
        path = self.world.config_path(slug)
        return command(issuer_cli.main, path, "revoke", "--bsn", person.bsn, *extra)["revoked"]

    def case(self, person=None, *extra):
        """Open a case about somebody (None: nobody is named) and ask its question."""
        about = ("--counsellor", self.world.counsellor.login)
        if person is not None:
            about += ("--family-name", person.family_name, "--given-name", person.given_name)
            about += ("--birthdate", person.birthdate)
        return Case(self, self._request(*about, *extra))

    def asked_again(self, case_id, *extra):
        """Ask the question of a case once more."""
        return self._request("--case", case_id, *extra)

    def result(self, case_id):
        """The overview as a script reads it."""
        return command(verifier_cli.main, self.world.config_path("verifier"), "result", case_id)

    @cached_property
    def counsellor(self):
        """The counsellor, logged in."""
        visit = CounsellorVisit(self.world.url("verifier"), self.world.counsellor)
        self.watch(visit.browser)
        visit.log_in()
        return visit

    def visit(self, slug, person):
        """A resident or representative at the pages of a municipality."""
        visit = ResidentVisit(self.world.url(slug), person)
        self.watch(visit.browser)
        return visit

    def watch(self, browser):
        """Write down every address that a browser opens."""
        hooks = browser.session.hooks["response"]
        hooks.append(lambda answer, **_: self.addresses.append(answer.url))
        return browser

    def _request(self, *arguments):
        path = self.world.config_path("verifier")
        return command(verifier_cli.main, path, "request", *arguments)

    def _new_wallet(self):
        settings = config.load(self.world.config_path("wallet"))
        store = keystore.create(self.folder / secrets.token_hex(8), PIN)
        wallet = opening.open_wallet(settings, store)
        return replace(wallet, fetcher=Recording(wallet.fetcher, self.addresses))


@dataclass
class Resident:
    """Somebody with a wallet of their own."""

    scene: Scene
    person: Person
    wallet: Wallet

    def receive(self, *slugs):
        """Cards of these municipalities, by an offer of their desk."""
        return [self.accept(self.scene.offer(slug, self.person)["link"]) for slug in slugs]

    def accept(self, link, tx_code=None):
        """Receive and keep the card of an offer."""
        offered = self.wallet.read_offer(self.wallet.open_offer(link, now=now()), now=now())
        return self.wallet.store(self.wallet.fetch(offered, tx_code, now=now()), now=now())

    def answer(self, link, *cards, change=lambda share: share):
        """Share what the wallet proposes, or exactly these cards; `change` takes things out."""
        question = self.wallet.read_question(link, now=now())
        picked = [card.id for card in cards]
        shares = self.wallet.propose(question, now=now(), picked=picked)
        return self.wallet.share(question, [change(share) for share in shares], now=now())

    def decline(self, link):
        """Say no to a request."""
        self.wallet.decline(self.wallet.read_question(link, now=now()), now=now())


@dataclass
class Case:
    """A case of the counsellor; `asked` is what `blauweknop-verifier request --json` printed."""

    scene: Scene
    asked: dict

    @property
    def link(self):
        return self.asked["link"]

    @property
    def url(self):
        return f"{self.scene.world.url('verifier')}/zaken/{self.asked['id']}"

    def ask_again(self, *extra):
        """The link of another request of this case."""
        return self.scene.asked_again(self.asked["id"], *extra)["link"]

    def result(self):
        told = self.scene.result(self.asked["id"])
        del told["made_at"]  # The moment of asking, the next time another one.
        return told

    def organisation(self, slug):
        """What the overview says of one municipality."""
        [found] = [one for one in self.result()["organisations"] if one["name"] == NAMES[slug]]
        return found

    def page(self):
        """The text of the page that shows how the question stands."""
        return words(self.scene.counsellor.browser.open(self.url))

    def overview(self):
        """The text of the overview's page."""
        return words(self.scene.counsellor.browser.open(f"{self.url}/overzicht"))

    def upload(self, pdf, browser=None, accept="text/html"):
        """Upload a file as the page's form does; the answer as it is, whatever its status."""
        browser = browser or self.scene.counsellor.browser
        form = browser.open(f"{self.url}/document").form(action="/document")
        return browser.session.post(
            form.action,
            data=form.fields,
            files={form.files[0]: ("opgave.pdf", pdf, "application/pdf")},
            headers={"Accept": accept},
            allow_redirects=False,
            timeout=60,
        )


def words(page):
    """The text of a page as one reads it, spaces made plain; a page that failed is no page."""
    assert page.status == 200
    return text_of(page.body.decode())


def text_of(html):
    reader = _Text()
    reader.feed(html)
    return " ".join("".join(reader.parts).split())


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts = []

    def handle_starttag(self, tag, _attrs):
        self.parts.append(" " if tag not in {"strong", "a"} else "")

    def handle_data(self, data):
        self.parts.append(data)


def euro(cents):
    """An amount as pages write it, spaces made plain."""
    whole, rest = divmod(cents, 100)
    return f"€ {whole:,}".replace(",", ".") + f",{rest:02}"


def day(moment):
    """A day, or the day of a moment in the Netherlands, as pages write it."""
    there = moment.astimezone(ZoneInfo("Europe/Amsterdam")) if hasattr(moment, "hour") else moment
    return format_date(there, "d MMMM y", locale="nl")
