"""Single use under a crowd: rows G02 and G08, over the two workers of a running issuer."""

import os
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.attacks.crowd import form_request, rush
from tests.attacks.holder import Holder
from vckit.openid4vci import token

pytestmark = pytest.mark.services

CODES, REDEMPTIONS = 100, 200
GUESSES = 1_000
CROWD = 200


def redemption(url, code, tx_code=None):
    return form_request(url, token.request_form(code, tx_code))


def test_G02_of_two_hundred_at_once_exactly_one_redeems_a_code(world, boxtel):
    url = f"{boxtel.config.base_url}/token"
    codes = [
        boxtel.offer(world.residents[number % 40].bsn).offer.pre_authorized_code
        for number in range(CODES)
    ]
    for code in codes:
        answers = rush(url, [redemption(url, code)] * REDEMPTIONS)
        refused = [body for status, body in answers if status == 400]
        assert Counter(status for status, _ in answers) == {200: 1, 400: REDEMPTIONS - 1}
        assert all(b'"invalid_grant"' in body for body in refused)
    assert [boxtel.grants(code) for code in codes] == [1] * CODES


def workers(service):
    """The worker processes of one service of our world, by its master's id."""
    master = service.process.pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text("ascii")
    return [int(one) for one in children.split()]


def wait_for_two_workers(service, seconds=10):
    deadline = time.monotonic() + seconds
    while len(workers(service)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(workers(service)) == 2


def guess_all(url, code, guesses):
    """Every guess, in crowds of what the server's queue holds; how often each answer came."""
    answers = []
    for start in range(0, len(guesses), CROWD):
        crowd = guesses[start : start + CROWD]
        answers += rush(url, [redemption(url, code, guess) for guess in crowd])
    return answers


def wrong_guesses(right):
    return [f"{(int(right) + 1 + step) % 1_000_000:06d}" for step in range(GUESSES)]


@pytest.mark.parametrize("killing", [False, True], ids=["all live", "workers die"])
def test_G08_a_thousand_guesses_are_compared_five_times_at_most(world, boxtel, killing):
    service = world.services["boxtel"]
    wait_for_two_workers(service)
    wallet = Holder(boxtel.config.base_url)
    made = boxtel.offer(world.residents[21].bsn, with_code=True)
    code = made.offer.pre_authorized_code
    guesses = wrong_guesses(made.transaction_code)
    for guess in guesses[:2]:
        assert wallet.redeem(code, guess).status == 400
    if killing:
        # Amid the first crowd: two attempts are on disk, three more are being taken.
        for delay, worker in zip((0.03, 0.06), workers(service), strict=True):
            threading.Timer(delay, os.kill, (worker, signal.SIGKILL)).start()
    answers = guess_all(f"{wallet.issuer}/token", code, guesses[2:])
    statuses = Counter(status for status, _ in answers)
    assert statuses.keys() <= ({0, 400} if killing else {400})
    wait_for_two_workers(service)
    assert boxtel.offer_row(code) == {"state": "open", "attempts": 5}
    assert wallet.redeem(code, made.transaction_code).json()["error"] == "invalid_grant"
    assert boxtel.grants(code) == 0


def test_G08_after_the_crowd_another_offer_is_redeemed(world, boxtel):
    made = boxtel.offer(world.residents[21].bsn, with_code=True)
    wallet = Holder(boxtel.config.base_url)
    code = made.offer.pre_authorized_code
    answers = guess_all(f"{wallet.issuer}/token", code, [made.transaction_code] * CROWD)
    assert Counter(status for status, _ in answers) == {200: 1, 400: CROWD - 1}
    assert boxtel.offer_row(code)["state"] == "used"
