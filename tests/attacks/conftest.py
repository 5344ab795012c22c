"""What the attacks run against: the world of all tests, and an arena of their own."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.attacks import memory
from tests.attacks.arena import running
from tests.attacks.counsellor import Counsellor, respond
from tests.attacks.identity import Identity
from tests.attacks.issuer_desk import IssuerDesk
from tests.attacks.judging import OUTSTANDING, all_found, all_rejected, counts, finding
from tests.attacks.presenting import anyhow
from tests.vckit.adapters.loopback import reply, serving


def pytest_collection_modifyitems(items):
    for item in items:
        if "attacks" in item.path.parts:
            item.add_marker(pytest.mark.services)


# Where the page shows a statement by what is told of its status.
GROUP_OF = {
    "STATUS_VERIFICATION_ERROR": "unchecked",
    "STATUS_RETRIEVAL_ERROR": "unchecked",
    "STATUS_LIST_LENGTH_ERROR": "unchecked",
    "MALFORMED_VALUE_ERROR": "unchecked",
    "revoked": "withdrawn",
    "superseded": "outdated",
}


def logged_nothing_of(world):
    """After all attacks: no service broke anywhere inside, and no log names anybody."""
    for service in world.services.values():
        text = service.log.read_text("utf-8") if service.log.exists() else ""
        assert "Traceback" not in text, service.last_lines()
        assert '"status": 500' not in text, service.last_lines()
        for person in world.residents:
            assert person.bsn not in text
            assert person.family_name not in text


@pytest.fixture(scope="session")
def boxtel(world):
    yield IssuerDesk(world, "boxtel")
    logged_nothing_of(world)


@pytest.fixture(scope="session")
def gestel(world):
    return IssuerDesk(world, "sint-michielsgestel")


@pytest.fixture
def listener():
    """A server that nobody has a reason to ask; it counts who does."""
    with serving(reply()) as started:
        yield started


@pytest.fixture(scope="session")
def arena():
    """Verifier and wallet in a world with issuers of our own; see `tests.attacks.arena`."""
    folder = Path(tempfile.mkdtemp(prefix="blauweknop-arena-"))
    with running(folder) as started:
        verifier = started.world.services["verifier"]
        Counsellor(started.world).open(started.world.residents[0])
        before = memory.resident(verifier)
        yield started
        logged_nothing_of(started.world)
        now = memory.resident(verifier)
        grown = [after - earlier for after, earlier in zip(now, before, strict=True)]
        assert max(grown) < memory.LIMIT, grown
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def arena_counsellor(arena):
    return Counsellor(arena.world)


@pytest.fixture
def resident(arena):
    return arena.world.residents[0]


@pytest.fixture
def case(arena_counsellor, resident):
    """A fresh case about the resident."""
    return arena_counsellor.open(resident)


@pytest.fixture
def town(arena):
    """An issuer of the scheme whose server is ours; its lists are honest again afterwards."""
    yield arena.linden
    arena.rest()


@pytest.fixture
def identity(town):
    """The DID of that issuer; its document and its Bitstring lists are served by the same."""
    return town.identity


@pytest.fixture
def company(arena, resident):
    return arena.eiken.card(resident)


@pytest.fixture
def refused(arena_counsellor, resident, company):
    """Rejects what is made for a request, by name, alone and in company, which then counts."""

    def judged(hostile, reason):
        all_rejected(lambda: arena_counsellor.open(resident), company, hostile, reason)

    yield judged
    counts(arena_counsellor.open(resident), company)


@pytest.fixture
def all_told(arena_counsellor, resident, company):
    """The same of many at once, by name."""

    def judged(hostile, reason):
        all_found(lambda: arena_counsellor.open(resident), company, hostile, reason)

    yield judged
    counts(arena_counsellor.open(resident), company)


@pytest.fixture
def w3c_card(identity, resident):
    """A statement with a proof inside."""
    return identity.card(resident)


@pytest.fixture
def refused_documents(refused, arena_counsellor, resident, w3c_card):
    """Rejects documents in the place of the card's, by name; the card itself then counts."""

    def judged(documents, reason):
        refused({str(n): anyhow(w3c_card, one) for n, one in documents.items()}, reason)

    yield judged
    counts(arena_counsellor.open(resident), w3c_card)


@pytest.fixture
def found(arena_counsellor, resident, company):
    """Told with its reason where the holder's proof is good; alone as well it is a finding."""

    def judged(hostile, reason):
        finding(arena_counsellor.open(resident), company, hostile, reason)
        case = arena_counsellor.open(resident)
        asked = case.ask()
        assert respond(asked, hostile(asked)).status == 200
        assert case.reasons() == [reason]
        assert case.report()["totals"]["outstanding"] == 0

    yield judged
    counts(arena_counsellor.open(resident), company)


@pytest.fixture
def listed(town, resident):
    """A statement whose status the town's lists tell."""
    return town.card(resident)


@pytest.fixture
def told(arena, arena_counsellor, resident, listed):
    """What the page tells of a card whose status is not "valid", in a case of its own."""
    company = arena.eiken.card(resident)

    def told_of(reason, shown=listed):
        case = arena_counsellor.open(resident)
        finding(case, company, lambda asked: shown.present(asked.client_id, asked.nonce), reason)
        [entry] = case.report()["groups"][GROUP_OF[reason]]
        assert (entry["reason"], entry["outstanding"]) == (reason, OUTSTANDING)

    return told_of


@pytest.fixture
def holds(arena_counsellor, resident, town, listed):
    """By the honest lists a card counts."""

    def hold(shown=listed, *, publish=True):
        if publish:
            town.publish()
        counts(arena_counsellor.open(resident), shown)

    return hold


@pytest.fixture
def unverified(town, told, holds):
    """The status stays unknown by this list; by the honest one the card counts."""

    def judged(token, reason="STATUS_VERIFICATION_ERROR"):
        town.serve("revocation", lambda: token)
        told(reason)

    yield judged
    holds()


@pytest.fixture
def unlisted(identity, w3c_card, told, holds):
    """The same of the Bitstring list of a W3C statement, for a reason."""

    def judged(text, reason="STATUS_VERIFICATION_ERROR"):
        identity.serve("revocation", lambda: text)
        told(reason, w3c_card)

    yield judged
    holds(w3c_card)


@pytest.fixture
def outside(arena):
    """The web outside; see `tests.attacks.outside`."""
    yield arena.outside
    arena.outside.pages.clear()
    arena.outside.slow.clear()
    for host in arena.outside.hosts.values():
        host.calls.clear()


@pytest.fixture
def foreign(arena, outside):
    """A DID of an issuer on the scheme at another host, by default one that does all well."""

    def made(host="good", did=None):
        if did is None and host == "good":
            outside.used += 1
            did = outside.did("good", path=f"/{outside.used}")
        path, pages = f"/elders-{len(arena.linden.pages)}", outside.pages
        return Identity(arena.linden, path, did or outside.did(host), pages).publish()

    return made
