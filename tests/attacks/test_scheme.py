"""The scheme of a running verifier of two workers: rows T05, T07, T08, T10, T11, T13 and T14.

A world of its own, since what is offered to it as a scheme changes all the time. Its verifier looks
every second.
"""

import shutil
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from holder_demo.demo.processes import ServiceError
from holder_demo.demo.world import World
from tests.attacks.arena import _town, allow
from tests.attacks.counsellor import Counsellor
from tests.attacks.exchange import send
from tests.attacks.holder import new_key
from tests.attacks.judging import counts, finding
from vckit import jose, strict_json, trust, x509
from vckit.encoding import b64url_decode
from vckit.keys import PrivateKey

UNTRUSTED = "untrusted_issuer"
LOOK_SECONDS = 1.2
WORKERS = 2
DAY = 86_400


class Stage:
    """A world whose scheme is in our hands: `offer` lays another one before its services."""

    def __init__(self, world, linden, eiken):
        self.world = world
        self.linden, self.eiken = linden, eiken
        self.operator = PrivateKey.from_pem(
            (world.folder / "keys" / "scheme-operator.pem").read_bytes()
        )
        self.path = world.folder / "scheme.json"
        limits = strict_json.Limits(string=1_048_576)
        signed = strict_json.loads_object(self.path.read_bytes(), limits)
        self.made = strict_json.loads_object(b64url_decode(signed["payload"]))
        self.version = self.made["versie"]

    def signed(self, *entries, by=None, version=None, **members):
        """A scheme of the demo's organisations and these, which anybody may have signed."""
        if version is None:
            self.version += 1
        payload = {
            **self.made,
            "versie": version or self.version,
            "iat": int(time.time()) - 60,
            "organisaties": [*self.made["organisaties"], *entries],
            **members,
        }
        header = {"typ": trust.TYP}
        return jose.sign_general(
            strict_json.dumps(payload), [(header, key) for key in by or [self.operator]]
        )

    def offer(self, content):
        if content is None:
            self.path.unlink()
        else:
            self.path.write_bytes(content)
        time.sleep(LOOK_SECONDS)

    def all_there(self):
        """Both towns on a scheme that is good."""
        self.offer(self.signed(self.linden.entry(), self.eiken.entry()))

    def ready(self):
        """What /readyz says, until every worker must have been asked."""
        url = f"{self.world.url('verifier')}/readyz"
        answers = [send("GET", url) for _ in range(8 * WORKERS)]
        assert {answer.status for answer in answers} == {200}
        return {answer.json().get("scheme", "ok") for answer in answers}

    def log(self):
        return self.world.services["verifier"].log.read_text("utf-8")


@contextmanager
def stage_in(folder):
    with ExitStack() as stack:
        world = stack.enter_context(World.create(folder, import_data=False))
        vct = f"{world.url('boxtel')}/vct/schuldenopgave/1"
        linden = stack.enter_context(_town("Gemeente Linden", "00000001001111111000", vct))
        eiken = stack.enter_context(_town("Gemeente Eiken", "00000001002222222000", vct))
        config = world.config_path("verifier")
        allow(config, [linden.url, eiken.url])
        text = config.read_text("utf-8")
        config.write_text(text.replace("reload_seconds = 10", "reload_seconds = 1"), "utf-8")
        made = Stage(world, linden, eiken)
        made.all_there()
        world.start("login", "verifier")
        yield made


@pytest.fixture(scope="module")
def stage():
    folder = Path(tempfile.mkdtemp(prefix="blauweknop-scheme-"))
    with stage_in(folder) as made:
        yield made
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def desk(stage):
    return Counsellor(stage.world)


@pytest.fixture
def resident(stage):
    stage.all_there()
    assert stage.ready() == {"ok"}
    return stage.world.residents[0]


def trusted(desk, stage, resident, times=WORKERS):
    for _ in range(times):
        counts(desk.open(resident), stage.eiken.card(resident), stage.linden.card(resident))


def untrusted(desk, stage, resident, card, times=WORKERS):
    for _ in range(times):
        finding(
            desk.open(resident),
            stage.eiken.card(resident),
            lambda asked: card.present(asked.client_id, asked.nonce),
            UNTRUSTED,
        )


def refused(stage):
    """What may be laid down in the place of the next scheme, none of it good; made when asked."""
    towns = (stage.linden.entry(), stage.eiken.entry())
    hostile = [{**stage.linden.entry(), "naam": "Gemeente Vals"}, stage.eiken.entry()]
    now, signed = int(time.time()), stage.signed
    stranger = PrivateKey.generate("EdDSA")
    return {
        "gone": (lambda: None, "unreadable"),
        "empty": (lambda: b"", "unsigned"),
        "truncated": (lambda: signed(*hostile)[:-200], "unsigned"),
        "byte order mark": (lambda: b"\xef\xbb\xbf" + signed(*hostile), "unsigned"),
        "unsigned": (lambda: strict_json.dumps({**stage.made, "versie": 99}), "unsigned"),
        "of another": (lambda: signed(*hostile, by=[stranger]), "unsigned"),
        "expired": (lambda: signed(*hostile, exp=now), "expired"),
        "of tomorrow": (lambda: signed(*hostile, iat=now + DAY), "not_yet_valid"),
        "without anybody": (lambda: signed(organisaties=[]), "malformed"),
        "somebody twice": (lambda: signed(*towns, *towns), "contradictory"),
        "rolled back": (lambda: signed(*hostile, version=1), "older"),
    }


def test_T05_whatever_is_offered_the_last_good_scheme_goes_on_with_an_alarm(stage, desk, resident):
    for how, (make, reason) in refused(stage).items():
        stage.all_there()
        assert stage.ready() == {"ok"}
        before = len(stage.log())
        stage.offer(make())
        assert stage.ready() == {"refused"}, how
        heard = stage.log()[before:]
        assert '"event": "scheme_refused"' in heard
        assert f'"reason": "{reason}"' in heard, how
        page = desk.browser.open(f"{stage.world.url('verifier')}/regeling").body.decode()
        assert "Er is iets mis met de lijst van deelnemers" in page
        assert "Gemeente Linden" in page
        assert "Gemeente Vals" not in page
        trusted(desk, stage, resident, times=1)
    stage.all_there()
    assert stage.ready() == {"ok"}
    page = send("GET", f"{stage.world.url('verifier')}/regeling").body.decode()
    assert "Gemeente Linden" in page
    assert "Er is iets mis" not in page


def test_T05_a_rollback_brings_nobody_back_in_no_worker_and_after_no_restart(stage, desk, resident):
    before = stage.path.read_bytes()
    trusted(desk, stage, resident)
    gone = stage.linden.card(resident)
    stage.offer(stage.signed(stage.eiken.entry()))
    untrusted(desk, stage, resident, gone)
    stage.offer(before)
    assert stage.ready() == {"refused"}
    untrusted(desk, stage, resident, gone)
    stage.world.restart("verifier")
    untrusted(desk, stage, resident, gone)
    stage.all_there()
    trusted(desk, stage, resident)


def test_T05_one_of_two_signatures_is_no_signature(stage, desk, resident):
    """The verifier wants two operators; each alone, twice, or with a stranger is one."""
    second = PrivateKey.generate("ES256")
    (stage.world.folder / "second.jwk.json").write_bytes(
        strict_json.dumps(second.public_key.to_jwk())
    )
    config = stage.world.config_path("verifier")
    one_key = config.read_text("utf-8")
    both = one_key.replace(
        'operator_keys = ["../scheme-operator.jwk.json"]\nthreshold = 1',
        'operator_keys = ["../scheme-operator.jwk.json", "../second.jwk.json"]\nthreshold = 2',
    )
    assert both != one_key
    towns = (stage.linden.entry(), stage.eiken.entry())
    config.write_text(both, "utf-8")
    stage.world.stop("verifier")
    with pytest.raises(ServiceError, match="not signed as its operators sign"):
        stage.world.start("verifier")
    stage.offer(stage.signed(*towns, by=[stage.operator, second]))
    stage.world.start("verifier")
    trusted(desk, stage, resident)
    for by in ([stage.operator], [second, second], [second, PrivateKey.generate("EdDSA")]):
        stage.offer(stage.signed(stage.eiken.entry(), by=by))
        assert stage.ready() == {"refused"}
        trusted(desk, stage, resident, times=1)
    config.write_text(one_key, "utf-8")
    stage.world.restart("verifier")


def test_T05_without_any_good_scheme_nothing_starts(stage, resident):
    assert resident
    database = stage.world.folder / "verifier" / "verifier.sqlite"
    stage.world.stop("verifier")
    kept = {path: path.read_bytes() for path in database.parent.glob("verifier.sqlite*")}
    for path in kept:
        path.unlink()
    stage.world.verifier("init")
    for offered in (None, b"", b"[]", stage.signed(organisaties=[])):
        stage.offer(offered)
        with pytest.raises(ServiceError, match="ended at once"):
            stage.world.start("verifier")
    for path in database.parent.glob("verifier.sqlite*"):
        path.unlink()
    for path, content in kept.items():
        path.touch(0o600)
        path.write_bytes(content)
    stage.all_there()
    stage.world.start("verifier")
    assert stage.ready() == {"ok"}


def test_T07_a_successor_is_trusted_by_its_own_name_and_keys_only(stage, desk, resident):
    """A merger: Linden ends, and another organisation says that it follows it."""
    old, merged = stage.linden.card(resident), new_key()
    chain = stage.linden.certified(merged, uri="https://beuken.example")
    successor = {
        "naam": "Gemeente Beuken",
        "oin": "00000001004444444000",
        "rol": ["issuer"],
        "uitgevers": ["https://beuken.example"],
        "certificaten": [x509.digest(chain[0])],
        "soorten": ["schuldenopgave"],
        "opvolger_van": stage.linden.oin,
    }
    stage.offer(stage.signed(successor, stage.eiken.entry()))
    untrusted(desk, stage, resident, old)
    in_its_name = stage.linden.card(resident, chain=chain, signer=merged)
    untrusted(desk, stage, resident, in_its_name)
    ended = {**stage.linden.entry(), "geldig_tot": "2026-01-01"}
    stage.offer(stage.signed(successor, ended, stage.eiken.entry()))
    untrusted(desk, stage, resident, old)
    still = {**stage.linden.entry(), "geldig_tot": "2100-01-01"}
    stage.offer(stage.signed(successor, still, stage.eiken.entry()))
    trusted(desk, stage, resident)


def test_T08_who_may_state_something_else_may_not_state_debts(stage, desk, resident):
    card = stage.linden.card(resident)
    for kinds in (["waterschapsbelasting"], ["Schuldenopgave"], ["schuldenopgave "]):
        other = {**stage.linden.entry(), "soorten": kinds}
        stage.offer(stage.signed(other, stage.eiken.entry()))
        untrusted(desk, stage, resident, card, times=1)
    both = {**stage.linden.entry(), "soorten": ["waterschapsbelasting", "schuldenopgave"]}
    stage.offer(stage.signed(both, stage.eiken.entry()))
    trusted(desk, stage, resident)


def test_T08_who_may_ask_may_not_state(stage, desk, resident):
    asks = {**stage.linden.entry(), "rol": ["verifier"], "doel": "Vragen"}
    stage.offer(stage.signed(asks, stage.eiken.entry()))
    untrusted(desk, stage, resident, stage.linden.card(resident))


def test_T10_a_retired_key_that_stays_on_the_scheme_is_good_and_one_that_left_is_not(
    stage, desk, resident
):
    old, new = stage.linden.chain, stage.linden.certified(new_key())
    by_leaf = {**stage.linden.entry(), "certificaten": [x509.digest(new[0])]}
    both = {**by_leaf, "certificaten": [*by_leaf["certificaten"], x509.digest(old[0])]}
    card = stage.linden.card(resident)
    stage.offer(stage.signed(both, stage.eiken.entry()))
    trusted(desk, stage, resident)
    stage.offer(stage.signed(by_leaf, stage.eiken.entry()))
    untrusted(desk, stage, resident, card)


def test_T11_the_name_is_that_of_the_scheme(stage, desk, resident):
    renamed = {**stage.linden.entry(), "naam": "Gemeente Lindenhof"}
    stage.offer(stage.signed(renamed, stage.eiken.entry()))
    case = desk.open(resident)
    names = {one["name"] for one in case.report()["organisations"]}
    assert "Gemeente Lindenhof" in names
    assert stage.linden.name not in names


def test_T13_a_service_for_real_debts_does_not_start_with_what_a_demo_made(stage, resident):
    assert resident
    config = stage.world.config_path("verifier")
    demo = config.read_text("utf-8")
    lines = [
        line
        for line in demo.replace("http://localhost", "https://localhost").splitlines()
        if not line.startswith(("demo", "insecure_origins"))
    ]
    config.write_text("\n".join(['listen = "127.0.0.1:8999"', *lines]), "utf-8")
    for offered, told in (
        (stage.path.read_bytes(), "The scheme is that of a demo"),
        (stage.signed(demo=False), "does not know the leaf"),
    ):
        stage.path.write_bytes(offered)
        with pytest.raises(ServiceError) as error:
            stage.world.verifier("check-config")
        assert told in str(error.value)
    config.write_text(demo, "utf-8")


def test_T14_two_organisations_with_one_key_are_no_scheme(stage, desk, resident):
    shared = {**stage.eiken.entry(), "certificaten": stage.linden.entry()["certificaten"]}
    stage.offer(stage.signed(stage.linden.entry(), shared))
    assert stage.ready() == {"refused"}
    trusted(desk, stage, resident)
    stage.all_there()
    assert stage.ready() == {"ok"}
