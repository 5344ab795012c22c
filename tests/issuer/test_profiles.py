"""Wallet profiles: what is offered to whom, as data."""

import pytest

from issuer.config import load
from issuer.configurations import ids
from issuer.configurations.profiles import open_profiles
from issuer.offers import ProfileError
from tests.issuer.town import ANNA
from vckit.errors import ConfigurationError


def with_settings(town, addition, *, without=""):
    text = town.config_path.read_text("utf-8")
    assert without in text
    town.config_path.write_text(text.replace(without, "") + addition, "utf-8")
    return load(town.config_path)


OWN = """
[[profiles]]
name = "eigen"
configurations = ["schuldenopgave_ldp_eddsa"]
context = "inline"
tx_code = "never"
offer_endpoint = "eigenwallet://offer"
"""
WITHOUT_W3C = """[w3c]
signer = "file:keys/credential-ed25519.pem"
vc_jwt = true
legacy_vc11 = true
"""


def offered(profiles):
    return {name: profile.configurations for name, profile in profiles.items()}


def test_the_shipped_profiles(town):
    assert offered(open_profiles(town.config)) == {
        "general": (ids.RICH_SD_JWT, ids.LDP_EDDSA, ids.LDP_ECDSA, ids.JWT_VC),
        "credo": (ids.RICH_SD_JWT, ids.JWT_VC),
        "altme": (ids.VC11, ids.JWT_VC),
        "all": ids.ALL,
    }


def test_a_shipped_profile_offers_what_the_organisation_gives(town):
    config = with_settings(town, "", without="vc_jwt = true\nlegacy_vc11 = true\n")
    profiles = open_profiles(config)
    assert profiles["altme"].configurations == (ids.JWT_VC,)
    config = with_settings(town, "", without='[w3c]\nsigner = "file:keys/credential-ed25519.pem"\n')
    assert offered(open_profiles(config)) == dict.fromkeys(
        ("general", "credo", "all"), (ids.RICH_SD_JWT,)
    )


def test_an_own_profile_is_added_or_takes_the_place_of_a_shipped_one(town):
    profiles = open_profiles(with_settings(town, OWN))
    assert profiles["eigen"].configurations == (ids.LDP_EDDSA,)
    profiles = open_profiles(with_settings(town, OWN.replace("eigen", "credo")))
    assert profiles["credo"].context == "inline"


def test_a_profile_of_what_is_not_given_stops_the_start(town):
    config = with_settings(town, OWN, without=WITHOUT_W3C)
    with pytest.raises(ConfigurationError, match="not given here"):
        open_profiles(config)


def test_a_wallet_of_an_unknown_profile_stops_the_start(town):
    settings = town.config_path.read_text("utf-8")
    town.config_path.write_text(
        settings.replace('name = "Proefwallet"', 'name = "Proefwallet"\nprofile = "onbekend"'),
        "utf-8",
    )
    with pytest.raises(ConfigurationError, match="profile that does not exist"):
        open_profiles(town.config)


def test_two_profiles_of_one_name_are_refused(town):
    with pytest.raises(ConfigurationError, match="two profiles"):
        with_settings(town, OWN + OWN)


@pytest.mark.parametrize(
    "line",
    ['grant = "authorization_code"', 'context = "both"', 'tx_code = "always"', 'dpop = "required"'],
)
def test_what_no_offer_can_have_is_refused(town, line):
    own = OWN.replace('context = "inline"\ntx_code = "never"\n', f"{line}\n")
    with pytest.raises(ConfigurationError, match="profiles"):
        with_settings(town, own)


def test_an_offer_names_its_profiles_credentials_in_order(town, offering):
    for name, profile in offering.profiles.items():
        made = offering.at_desk(ANNA, profile, town.clock.now, with_code=True)
        assert made.offer.configuration_ids == profile.configurations, name
        assert made.link.startswith("openid-credential-offer://?credential_offer_uri=")


def test_an_unknown_profile_tells_the_known_ones(offering):
    with pytest.raises(ProfileError, match="all, altme, credo, general"):
        offering.profile("onbekend")


def test_no_transaction_code_for_who_cannot_ask_for_it(town, offering):
    profile = open_profiles(with_settings(town, OWN))["eigen"]
    with pytest.raises(ProfileError, match="no transaction code"):
        offering.at_desk(ANNA, profile, town.clock.now, with_code=True)
    made = offering.at_desk(ANNA, profile, town.clock.now, with_code=False)
    assert made.link.startswith("eigenwallet://offer?credential_offer_uri=")
    assert made.transaction_code is None


def contexts_of(wallet, code):
    answer = wallet.ask(wallet.token(code), configuration=ids.LDP_EDDSA)
    assert answer.status_code == 200, answer.json
    return answer.json["credentials"][0]["credential"]["@context"]


def test_the_profile_of_the_offer_tells_how_the_context_is_written(town, wallet, offer, offering):
    by_url = contexts_of(wallet, offer().offer.pre_authorized_code)
    profile = open_profiles(with_settings(town, OWN))["eigen"]
    wallet.client = town.app().test_client()
    made = offering.at_desk(ANNA, profile, town.clock.now, with_code=False)
    inline = contexts_of(wallet, made.offer.pre_authorized_code)
    assert by_url == ["https://www.w3.org/ns/credentials/v2", "http://localhost/contexts/v1"]
    assert inline[0] == by_url[0]
    assert isinstance(inline[1], dict)


def test_a_profile_that_is_gone_in_the_meantime_gives_nothing(town, wallet, offering):
    profile = open_profiles(with_settings(town, OWN))["eigen"]
    made = offering.at_desk(ANNA, profile, town.clock.now, with_code=False)
    token = wallet.token(made.offer.pre_authorized_code)
    answer = wallet.ask(token, configuration=ids.LDP_EDDSA)
    assert (answer.status_code, answer.json["error"]) == (400, "credential_request_denied")
