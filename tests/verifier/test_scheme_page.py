"""What the verifier shows of the scheme: who takes part to everybody, the alarm to staff."""

import pytest

from tests.vckit import participants
from tests.verifier.browser import Browser
from vckit import strict_json, trust
from vckit.keys import PrivateKey

ALARM = "Er is iets mis met de lijst van deelnemers"
# How often a service looks (settings), in seconds.
LOOK = 60


@pytest.fixture
def lay_down(world):
    """Another scheme at the place where the service looks, and time for it to look."""

    def laid(content):
        (world.folder / "scheme.json").write_bytes(content)
        world.clock.now += LOOK

    return laid


def test_everybody_reads_who_takes_part_and_until_when(client):
    page = Browser(client).get("/regeling").text
    assert "Gemeente Boxtel" in page
    assert "geeft schulden op" in page
    assert "Geldig tot" in page
    assert ALARM not in page
    english = Browser(client).get("/regeling?taal=en").text
    assert "states debts" in english


def test_T05_staff_reads_the_alarm_and_others_do_not(client, lay_down):
    lay_down(b"{}")
    assert Browser(client).get("/readyz").json == {"status": "ok", "scheme": "refused"}
    assert ALARM not in Browser(client).get("/regeling").text
    counsellor = Browser(client).log_in()
    for path in ("/regeling", "/zaken"):
        page = counsellor.get(path).text
        assert ALARM in page
        assert "beschadigd, of niet ondertekend" in page


def test_a_newer_scheme_is_on_the_page_at_the_next_look(client, world, lay_down):
    operator = PrivateKey.generate("EdDSA")
    (world.folder / "operator.jwk.json").write_bytes(strict_json.dumps(operator.public.to_jwk()))
    payload = participants.scheme_payload(world.boxtel.entry())
    lay_down(trust.sign_scheme({**payload, "versie": 8, "iss": "Nieuw beheer"}, [operator]))
    assert "Nieuw beheer" in Browser(client).get("/regeling").text
    assert "Sint-Michielsgestel" not in Browser(client).get("/regeling").text
