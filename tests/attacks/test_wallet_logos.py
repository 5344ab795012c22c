"""Pictures and names of an issuer in the wallet: row W20 of security.md.

The issuer is one of the scheme that publishes metadata with tracking and internal addresses in
every place for a picture, and hands out a card that holds. The wallet shows the card and loads
nothing of it.
"""

import json
import secrets

import pytest

from holder_demo.demo.browser import expect_ok
from holder_demo.demo.visits import WalletVisit
from holder_demo.demo.world import PIN
from tests.attacks import forging
from tests.attacks.holder import CONFIGURATION
from vckit import oauth, strict_json
from vckit.keys import PublicKey
from vckit.openid4vci import metadata, offer
from vckit.openid4vci.offer import CredentialOffer

pytestmark = pytest.mark.services

ISSUER = "/.well-known/openid-credential-issuer"
SERVER = "/.well-known/oauth-authorization-server"
MARKUP = '<img src="https://elders.attack.example/teller.png">'


def display(url):
    """Every member of a display that a wallet could load or render."""
    picture = {"uri": f"{url}/logo.png", "url": f"{url}/logo.png", "alt_text": MARKUP}
    return [
        {
            "name": MARKUP,
            "locale": "nl",
            "logo": picture,
            "background_image": picture,
            "background_color": f"url({url}/kleur)",
            "text_color": "#fff;background:url(https://elders.attack.example/x)",
            "rendering": {"simple": {"logo": picture}},
        }
    ]


def publish(town, resident, pictures):
    """The issuer's addresses; its card is bound to the key of the key proof that it is sent."""
    configuration = metadata.credential_configuration(
        "dc+sd-jwt", {"vct": town.vct}, scope="schuldenopgave", display=pictures
    )
    published = metadata.credential_issuer_metadata(
        town.url, {CONFIGURATION: configuration | {"display": pictures}}, pictures
    )
    server = oauth.authorization_server_metadata(town.url, token_endpoint=f"{town.url}/token")
    token = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 60}

    def credential():
        [call] = [one for one in town.server.calls if one.target == "/credential"]
        [proof] = json.loads(call.body)["proofs"]["jwt"]
        key = PublicKey.from_jwk(forging.parts(proof)[0]["jwk"])
        return {"credentials": [{"credential": town.card(resident, holder_key=key).text}]}

    makers = {
        ISSUER: lambda: published,
        SERVER: lambda: server,
        "/token": lambda: token,
        "/nonce": lambda: {"c_nonce": secrets.token_urlsafe(16)},
        "/credential": credential,
    }
    for path, make in makers.items():
        town.pages[path] = lambda make=make: (200, strict_json.dumps(make()), "application/json")


@pytest.mark.parametrize("where", ["internal", "tracking", "data", "none"])
def test_W20_a_picture_of_an_issuer_is_not_loaded(arena, town, resident, listener, where):
    pictures = {
        "internal": display("http://169.254.169.254"),
        "tracking": display(listener.origin),
        "data": display("data:image/svg+xml,<svg onload=alert(1)>"),
        "none": [],
    }[where]
    publish(town, resident, pictures)
    town.server.calls.clear()
    visit = WalletVisit(arena.world.url("wallet"), PIN)
    visit.unlock()
    link = offer.by_value(
        "openid-credential-offer://",
        CredentialOffer(town.url, (CONFIGURATION,), secrets.token_urlsafe(16)),
    )
    begin = expect_ok(visit.browser.open(f"{visit.base_url}/open"))
    first = expect_ok(visit.browser.submit(begin.form(action="/link"), {"link": link}))
    second = expect_ok(visit.browser.submit(first.form(action="/bekijken")))
    third = expect_ok(visit.browser.submit(second.form(action="/ophalen")))
    for page in (first, second, third):
        text = page.body.decode()
        for part in (listener.origin, "169.254", "elders.attack.example", "onload", "data:image"):
            assert part not in text
        assert town.name in text
    assert "429,00" in third.body.decode()
    expect_ok(visit.browser.submit(third.form(action="/beslissen"), {"besluit": "weggooien"}))
    assert listener.connections == 0
    for page in (ISSUER, SERVER, "/token", "/nonce", "/credential"):
        town.pages.pop(page)
