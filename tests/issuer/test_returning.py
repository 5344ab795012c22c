"""For who was sent here: back with the document or offer, only to who is known."""

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from issuer import returning
from tests.issuer.test_pages import post, text_of
from tests.issuer.town import ANNA, CARLA, NOW, log_in, resign, scheme
from tests.issuer.wallet import Wallet
from vckit import x509
from vckit.encoding import b64url_decode

VERIFIER = "https://schuldhulp.example"
STATE = "AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBB.CCCCCCCCCCCCCCCCCCCCCC"
BACK = f"{VERIFIER}/verzamel/terug/{STATE}"
WALLET = "https://wallet.example/offer"


def entry(**members):
    """A verifier on the scheme; a member that is None is left out."""
    told = {
        "naam": "Schuldhulp De Proef",
        "oin": "00000001005555555000",
        "rol": ["verifier"],
        "doel": "Om met u een plan te maken.",
        "certificaten": ["A" * 43],
        "start_url": VERIFIER,
        **members,
    }
    return {name: value for name, value in told.items() if value is not None}


def join(town, **members):
    """Put a verifier on the scheme of the town."""
    chain = x509.load_pem_chain((town.folder / "keys/credential-chain.pem").read_bytes())
    own = scheme(chain[1])["organisaties"]
    resign(town, members={"organisaties": [*own, entry(**members)]})


@pytest.fixture
def anna(town):
    join(town)
    client = town.app().test_client()
    log_in(client, ANNA)
    return client


def arrive(client, address):
    return client.get(f"/?{urlencode({'terug': address})}")


def page_of(client, address=BACK):
    return client.get(f"/meenemen?{urlencode({'terug': address})}")


def make(client, address=BACK):
    return post(client, "/meenemen", f"/meenemen?{urlencode({'terug': address})}", terug=address)


def test_who_was_sent_here_goes_straight_to_the_log_in_and_back(town):
    join(town)
    client = town.app().test_client()
    first = arrive(client, BACK)
    assert (first.status_code, urlsplit(first.location).path) == (303, "/meenemen")
    second = client.get(first.location)
    assert second.location.startswith("/inloggen?naar=/meenemen")
    [wish] = parse_qs(urlsplit(second.location).query)["naar"]
    assert parse_qs(urlsplit(wish).query) == {"terug": [BACK]}


def test_the_page_tells_who_sent_one_and_what_goes_along(anna):
    shown = text_of(page_of(anna))
    assert "Uw schulden meenemen naar Schuldhulp De Proef" in shown
    assert "€ 300,00 Dit zijn 2 rekeningen." in shown


def test_looking_makes_no_document(anna):
    page_of(anna)
    assert "Er is nog niets gegeven" in text_of(anna.get("/meegegeven"))


def test_the_document_goes_back_in_a_form_to_exactly_that_address(anna):
    made = make(anna)
    assert made.status_code == 200
    assert f'action="{BACK}"' in made.text
    document = re.search(r'name="document" value="([^"]+)"', made.text)[1]
    assert b64url_decode(document).startswith(b"%PDF-")
    assert f"form-action 'self' {VERIFIER};" in made.headers["Content-Security-Policy"]
    assert made.headers["Referrer-Policy"] == "no-referrer"
    assert made.headers["Cache-Control"] == "no-store"
    assert "Document (pdf)" in text_of(anna.get("/meegegeven"))


def test_other_pages_send_their_forms_nowhere_else(anna):
    for path in ("/mijn-schulden", "/app", "/meegegeven"):
        assert "form-action 'self';" in anna.get(path).headers["Content-Security-Policy"]
    assert "form-action 'self';" in page_of(anna).headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        VERIFIER,
        f"{VERIFIER}/",
        f"{VERIFIER}/verzamel/terug/",
        f"{VERIFIER}/verzamel/terug/kort",
        f"{VERIFIER}/verzamel/terug/{'A' * 201}",
        f"{VERIFIER}/elders/{STATE}",
        f"{VERIFIER}/verzamel/terug/../../{STATE}",
        f"{VERIFIER}/verzamel/terug/{STATE}/..",
        f"{VERIFIER}/verzamel/terug/%2e%2e%2f{STATE}",
        f"{BACK}?x=1",
        f"{BACK}#x",
        f"{BACK}\n",
        f" {BACK}",
        BACK.replace("https", "http"),
        BACK.replace("https", "HTTPS"),
        BACK.replace("schuldhulp.example", "schuldhulp.example.evil.example"),
        BACK.replace("schuldhulp.example", "schuldhulp.example@evil.example"),
        BACK.replace("schuldhulp.example", "evil.example"),
        BACK.replace("schuldhulp.example", "schuldhulp.example:8443"),
        BACK.replace("schuldhulp.example", "schuldhulp.example."),
        BACK.replace("schuldhulp.example", "Schuldhulp.example"),
        BACK.replace("schuldhulp", "sсhuldhulp"),  # noqa: RUF001  a letter that looks the same
        f"//schuldhulp.example/verzamel/terug/{STATE}",
        f"/verzamel/terug/{STATE}",
        "javascript:alert(1)",
        "data:text/html,x",
        f"{WALLET}/",
        f"{WALLET}?x=1",
    ],
)
def test_an_address_of_anybody_else_is_no_address(anna, address):
    assert arrive(anna, address).location == "/mijn-schulden"
    assert page_of(anna, address).status_code == 404
    assert post(anna, "/meenemen", "/app", terug=address).status_code == 404
    assert "Er is nog niets gegeven" in text_of(anna.get("/meegegeven"))


@pytest.mark.parametrize(
    "members",
    [
        {"rol": ["issuer"], "soorten": ["schuldenopgave"], "uitgevers": [VERIFIER]},
        {"geldig_tot": "2026-11-01"},
        {"geldig_van": "2027-01-01"},
        {"start_url": None},
    ],
)
def test_only_a_verifier_that_takes_part_now_is_gone_back_to(town, members):
    join(town, **members)
    client = town.app().test_client()
    log_in(client, ANNA)
    assert page_of(client).status_code == 404


def test_a_path_of_a_verifier_belongs_to_its_address(town):
    join(town, start_url=f"{VERIFIER}/hulp/")
    services = town.services()

    def found(address):
        return returning.sender(address, scheme=services.scheme, config=services.config, now=NOW)

    assert found(BACK) is None
    assert found(f"{VERIFIER}/hulp/verzamel/terug/{STATE}").name == "Schuldhulp De Proef"


def test_the_form_needs_its_token(anna):
    assert anna.post("/meenemen", data={"terug": BACK}).status_code == 403


def test_a_wallet_of_the_settings_gets_an_offer_in_one_press(town, anna):
    shown = page_of(anna, WALLET)
    assert "Zet in Proefwallet" in text_of(shown)
    policy = shown.headers["Content-Security-Policy"]
    assert "form-action 'self' https://wallet.example;" in policy
    answer = make(anna, WALLET)
    assert answer.status_code == 303
    assert answer.location.startswith(f"{WALLET}?credential_offer_uri=")
    [reference] = parse_qs(urlsplit(answer.location).query)["credential_offer_uri"]
    offer = anna.get(urlsplit(reference).path).json
    [grant] = offer["grants"].values()
    wallet = Wallet(town, anna)
    assert wallet.token(grant["pre-authorized_code"])
    assert "Opgehaald" in text_of(anna.get("/app"))


def test_who_acts_for_another_brings_the_document_and_no_offer(town):
    join(town)
    client = town.app().test_client()
    log_in(client, ANNA, acting_bsn=CARLA.bsn)
    shown = text_of(page_of(client))
    assert "U bekijkt de gegevens van iemand anders." in shown
    assert "Ik heb een app" not in shown
    assert make(client).status_code == 200
    assert page_of(client, WALLET).status_code == 403
    assert post(client, "/meenemen", "/mijn-schulden", terug=WALLET).status_code == 403


def test_without_a_seal_there_is_only_the_way_back(town):
    join(town)
    path = town.folder / "issuer.toml"
    settings = path.read_text("utf-8")
    seal = '[document]\nsigner = "file:keys/seal.pem"\nchain = "keys/seal-chain.pem"\n'
    path.write_text(settings.replace(seal, ""), "utf-8")
    client = town.app().test_client()
    log_in(client, ANNA)
    shown = page_of(client)
    assert "Maak mijn bewijs" not in text_of(shown)
    assert unescape(f'href="{BACK}"') in shown.text
    assert post(client, "/meenemen", "/mijn-schulden", terug=BACK).status_code == 404
