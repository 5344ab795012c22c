"""Row G04, an offer after its end: an issuer whose clock is eleven minutes ahead."""

import shutil
import subprocess
import time

import pytest

from tests.attacks.exchange import refusal, send
from tests.attacks.holder import Holder
from tests.attacks.issuer_desk import IssuerDesk
from tests.attacks.reactions import token_refused

pytestmark = pytest.mark.services

AHEAD = 11 * 60


def preload():
    """The library that `faketime` puts before a program, as it tells by itself."""
    shown = subprocess.run(
        ["faketime", "-f", "+0", "printenv", "LD_PRELOAD"],
        capture_output=True,
        text=True,
        check=True,
    )
    return shown.stdout.strip()


@pytest.fixture(scope="module")
def ahead(arena):
    """An issuer that nobody else uses, started eleven minutes from now."""
    if shutil.which("faketime") is None:
        pytest.skip("faketime is not installed (Debian: faketime)")
    world = arena.world
    world.services["boxtel"].environment = {"LD_PRELOAD": preload(), "FAKETIME": f"+{AHEAD}"}
    world.start("boxtel")
    yield IssuerDesk(world, "boxtel")
    world.stop("boxtel")


def test_G04_a_code_ends_after_ten_minutes(ahead):
    wallet, bsn = Holder(ahead.config.base_url), ahead.world.residents[0].bsn
    for with_code in (False, True):
        made = ahead.offer(bsn, with_code=with_code)
        code = made.offer.pre_authorized_code
        token_refused(wallet.redeem(code, made.transaction_code), "invalid_grant")
        refusal(send("GET", made.uri), 404)
        assert ahead.offer_row(code) == {"state": "open", "attempts": 0}
        assert ahead.grants(code) == 0


def test_G04_a_code_of_nine_minutes_holds(ahead):
    """The twin: made nine minutes ago by the clock of the service."""
    wallet, bsn = Holder(ahead.config.base_url), ahead.world.residents[0].bsn
    made = ahead.offer(bsn, now=int(time.time()) + AHEAD - 540)
    assert send("GET", made.uri).status == 200
    assert wallet.redeem(made.offer.pre_authorized_code).status == 200
