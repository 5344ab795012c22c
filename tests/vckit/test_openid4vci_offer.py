"""Credential offers: OpenID4VCI 1.0 section 4."""

import json
from urllib.parse import quote, urlencode

import pytest

from vckit.errors import MalformedValueError, ParsingError
from vckit.openid4vci import offer

ISSUER = "https://boxtel.example"
GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
PLAIN = offer.CredentialOffer(ISSUER, ("schuldenopgave_sd_jwt",), "code-1")
CODED = offer.CredentialOffer(
    ISSUER, ("a", "b"), "code-2", offer.TxCode(length=6, description="Uit de brief")
)


@pytest.mark.parametrize("given", [PLAIN, CODED])
def test_an_offer_survives_its_json(given):
    as_json = given.to_json()
    assert offer.parse(as_json) == given
    assert offer.parse(json.dumps(as_json)) == given
    assert offer.parse(json.dumps(as_json).encode()) == given


def test_an_offer_is_written_as_the_specification_says():
    assert CODED.to_json() == {
        "credential_issuer": ISSUER,
        "credential_configuration_ids": ["a", "b"],
        "grants": {
            GRANT: {
                "pre-authorized_code": "code-2",
                "tx_code": {"input_mode": "numeric", "length": 6, "description": "Uit de brief"},
            }
        },
    }


def test_an_empty_tx_code_object_still_asks_for_a_code():
    as_json = PLAIN.to_json()
    as_json["grants"][GRANT]["tx_code"] = {}
    assert offer.parse(as_json).tx_code == offer.TxCode()
    assert offer.TxCode().to_json() == {"input_mode": "numeric"}


def test_unknown_members_and_other_grants_are_ignored():
    as_json = {**PLAIN.to_json(), "later": 1}
    as_json["grants"]["authorization_code"] = {"issuer_state": "x"}
    assert offer.parse(as_json) == PLAIN


@pytest.mark.parametrize(
    "members",
    [
        {"credential_issuer": None},
        {"credential_issuer": "javascript:alert(1)"},
        {"credential_issuer": f"{ISSUER}?x=1"},
        {"credential_issuer": f"{ISSUER}#x"},
        {"credential_configuration_ids": []},
        {"credential_configuration_ids": "a"},
        {"credential_configuration_ids": ["a", "a"]},
        {"credential_configuration_ids": [1]},
        {"grants": {}},
        {"grants": {"authorization_code": {}}},
        {"grants": {GRANT: {}}},
        {"grants": {GRANT: {"pre-authorized_code": ""}}},
        {"grants": {GRANT: {"pre-authorized_code": "c", "tx_code": "123"}}},
        {"grants": {GRANT: {"pre-authorized_code": "c", "tx_code": {"length": "6"}}}},
        {"grants": {GRANT: {"pre-authorized_code": "c", "tx_code": {"input_mode": "x"}}}},
        {"grants": {GRANT: {"pre-authorized_code": "c", "tx_code": {"description": "x" * 301}}}},
    ],
)
def test_H01_an_offer_that_cannot_be_followed_is_refused(members):
    with pytest.raises(MalformedValueError):
        offer.parse({**PLAIN.to_json(), **members})


def test_H01_offers_are_objects():
    for other in (None, [], "x"):
        with pytest.raises((MalformedValueError, ParsingError)):
            offer.parse(other)


@pytest.mark.parametrize("scheme", [*offer.SCHEMES, "https://wallet.example/aanbod"])
def test_links_carry_an_offer_by_value_or_by_reference(scheme):
    uri = f"{ISSUER}/offers/AbC-1_2"
    assert offer.parse_link(offer.by_reference(scheme, uri)) == uri
    assert offer.parse(offer.parse_link(offer.by_value(scheme, CODED))) == CODED


def test_links_begin_with_the_wallets_endpoint():
    link = offer.by_reference(offer.DEFAULT_ENDPOINT, ISSUER)
    assert link == f"openid-credential-offer://?credential_offer_uri={quote(ISSUER, safe='')}"
    assert offer.by_reference("https://w.example/a?b=c", ISSUER).startswith(
        "https://w.example/a?b=c&credential_offer_uri="
    )


def link(*parameters, scheme="openid-credential-offer"):
    return f"{scheme}://?{urlencode(parameters)}"


BY_VALUE = ("credential_offer", json.dumps(PLAIN.to_json()))
BY_REFERENCE = ("credential_offer_uri", f"{ISSUER}/o")


def test_unknown_parameters_of_a_link_are_ignored():
    assert offer.parse_link(link(BY_REFERENCE, ("later", "1"))) == f"{ISSUER}/o"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "openid-credential-offer://",
        link(("other", "1")),
        link(BY_VALUE, BY_REFERENCE),
        link(BY_VALUE, BY_VALUE),
        link(BY_REFERENCE, BY_REFERENCE),
        link(BY_REFERENCE, scheme="javascript"),
        link(("credential_offer_uri", "javascript:alert(1)")),
        link(("credential_offer_uri", "https://wie@boxtel.example")),
        link(("credential_offer", "[]")),
        link(("credential_offer", '{"a":1,"a":2}')),
        link(("credential_offer_uri", f"{ISSUER}/{'x' * offer.MAX_LINK}")),
        "openid-credential-offer://?credential_offer=%ff",
        "openid-credential-offer://[?credential_offer_uri=x",
        link(*[(f"p{number}", "1") for number in range(17)]),
    ],
)
def test_H01_a_link_carries_exactly_one_offer(given):
    with pytest.raises((MalformedValueError, ParsingError)):
        offer.parse_link(given)
