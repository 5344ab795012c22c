"""SD-JWT VCs at the response URI: rows S of security.md, each beside the honest presentation.

An honest statement of another organisation goes along, so that the page shows what is wrong with
the broken one; alone, the broken one is RSP-REJ.
"""

import time

import pytest

from tests.attacks import forging
from tests.attacks.holder import new_key
from tests.attacks.judging import counts, refused_alone, rejected
from tests.vckit.sd_jwt_forge import digest, disclosure
from vckit import jose, sd_jwt
from vckit.sd_jwt import disclosures_by_path

pytestmark = pytest.mark.services

CRYPTO, MALFORMED = "CRYPTOGRAPHIC_SECURITY_ERROR", "MALFORMED_VALUE_ERROR"
PARSING, BINDING, LIMIT = "PARSING_ERROR", "holder_binding_failed", "policy_limit"


@pytest.fixture
def card(arena, resident):
    return arena.linden.card(resident)


@pytest.fixture
def judge(arena, arena_counsellor, resident, card):
    """Rejects a presentation for a reason, in a case of its own; then the honest card counts."""
    company = arena.eiken.card(resident)

    def judged(hostile, reason):
        rejected(arena_counsellor.open(resident), company, hostile, reason)

    yield judged
    counts(arena_counsellor.open(resident), company, card)


def bound(text, key, asked):
    """The holder binds whatever they were told to send."""
    return sd_jwt.bind(
        text, signer=key, audience=asked.client_id, nonce=asked.nonce, now=int(time.time())
    )


def with_disclosures(card, *more, drop=()):
    issuer_jwt, *given, _ = card.text.split("~")
    kept = [one for one in given if one not in drop]
    return "~".join([issuer_jwt, *kept, *more, ""])


def of(card, *path):
    return disclosures_by_path(card.text)[path]


def test_S01_a_changed_disclosure_is_refused(card, judge):
    born = of(card, "geboortedatum")
    changed = disclosure(born.salt, born.name, "1999-09-09")
    renamed = disclosure(born.salt, "voornamen", born.value)
    for forged in (changed, renamed):
        text = with_disclosures(card, forged, drop=[born.encoded])
        judge(lambda asked, text=text: bound(text, card.key, asked), CRYPTO)


def test_S02_a_disclosure_that_no_digest_names_is_refused(card, judge):
    for forged in (disclosure("zout", "totaal_openstaand", 0), disclosure("zout", {"saldo": 0})):
        text = with_disclosures(card, forged)
        judge(lambda asked, text=text: bound(text, card.key, asked), CRYPTO)


def test_S04_a_disclosure_that_comes_twice_is_refused(card, judge):
    text = with_disclosures(card, of(card, "voornamen").encoded)
    judge(lambda asked: bound(text, card.key, asked), CRYPTO)


def restated(arena, card, forged, **claims):
    """The card, signed anew by its issuer with the digest of one more disclosure."""
    issuer_jwt, _ = card.text.split("~", 1)
    _, payload = forging.parts(issuer_jwt)
    digests = [*payload["_sd"], digest(forged)]
    return with_disclosures(arena.linden.forged(card, _sd=digests, **claims), forged)


@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_S05_a_disclosure_with_a_reserved_name_is_refused(arena, card, judge, name):
    text = restated(arena, card, disclosure("zout", name, ["a"]))
    judge(lambda asked: bound(text, card.key, asked), MALFORMED)


@pytest.mark.parametrize(
    "name", ["iss", "exp", "nbf", "cnf", "vct", "vct#integrity", "status", "aka_vcts"]
)
def test_S07_a_registered_claim_is_never_disclosed(arena, card, judge, name):
    _, payload = forging.parts(card.text.split("~", 1)[0])
    values = {"nbf": payload["iat"], "vct#integrity": "sha256-AA==", "aka_vcts": [payload["vct"]]}
    forged = disclosure("zout", name, payload.get(name) or values[name])
    text = restated(arena, card, forged, **{name: None})
    judge(lambda asked: bound(text, card.key, asked), MALFORMED)


@pytest.mark.parametrize(
    ("elements", "reason"),
    [
        (["zout", "waarde"], MALFORMED),
        (["zout", "naam", "waarde", 1], MALFORMED),
        ([1, "naam", "waarde"], MALFORMED),
        (["zout", 1, "waarde"], MALFORMED),
        (["zout"], MALFORMED),
        ([], MALFORMED),
    ],
)
def test_S08_a_disclosure_has_its_shape(arena, card, judge, elements, reason):
    text = restated(arena, card, disclosure(*elements))
    judge(lambda asked: bound(text, card.key, asked), reason)


@pytest.mark.parametrize("digests", ["geen lijst", {"0": "a"}, [1], [["a"]]])
def test_S10_digests_are_a_list_of_strings(arena, card, judge, digests):
    forged = arena.linden.forged(card, _sd=digests)
    text = forged.text.split("~", 1)[0] + "~"
    judge(lambda asked: bound(text, card.key, asked), MALFORMED)


def test_S10_disclosures_inside_disclosures_end_somewhere(arena, card, judge):
    inner, chained = disclosure("zout", "diep", 1), []
    for _ in range(1_000):
        chained.append(inner)
        inner = disclosure("zout", "diep", {"_sd": [digest(inner)]})
    text = with_disclosures(
        arena.linden.forged(card, extra={"_sd": [digest(inner)]}), inner, *chained
    )
    judge(lambda asked: bound(text, card.key, asked), LIMIT)


def test_S14_a_stripped_key_binding_is_refused(card, judge):
    judge(lambda _: card.text, BINDING)


def test_S14_every_tilde_stands_where_it_belongs(card, judge):
    names = of(card, "voornamen").encoded
    for text in ("{0}", "{0}~{1}", "{0}~~", "{0}~{1}~~{2}", "{0}~{1}~{2}~", "~{0}~{1}~{2}"):

        def hostile(asked, text=text):
            honest = card.present(asked.client_id, asked.nonce).split("~")
            return text.format(honest[0], names, honest[-1])

        judge(hostile, PARSING)


def test_S16_the_key_binding_is_the_holders(arena, card, judge):
    thief = new_key()
    judge(lambda asked: card.present(asked.client_id, asked.nonce, signer=thief), BINDING)
    jwk = card.key.public.to_jwk()
    for confirmation in (
        None,
        {"kid": "a"},
        {"jku": "https://elders.example"},
        {"jwk": jwk, "kid": "a"},
        {"jwk": "a"},
    ):
        forged = arena.linden.forged(card, cnf=confirmation)
        judge(lambda asked, forged=forged: forged.present(asked.client_id, asked.nonce), BINDING)


def key_binding(card, asked, typ="kb+jwt", **changes):
    members = {
        "iat": int(time.time()),
        "aud": asked.client_id,
        "nonce": asked.nonce,
        "sd_hash": digest(card.text),
        **changes,
    }
    kept = {name: value for name, value in members.items() if value is not None}
    return card.text + jose.sign({"typ": typ}, kept, card.key)


@pytest.mark.parametrize(
    "changes",
    [{"typ": "JWT"}, {"iat": None}, {"iat": "nu"}, {"sd_hash": None}, {"sd_hash": "A" * 43}],
)
def test_S17_the_key_binding_has_its_claims(card, judge, changes):
    judge(lambda asked: key_binding(card, asked, **changes), BINDING)


@pytest.mark.parametrize(
    "of_asked",
    [
        lambda asked: {"aud": [asked.client_id]},
        lambda _: {"nonce": 7},
        lambda _: {"aud": None},
        lambda _: {"nonce": None},
    ],
)
def test_S17_audience_and_nonce_are_strings(case, card, of_asked):
    refused_alone(case, lambda asked: key_binding(card, asked, **of_asked(asked)))
    counts(case, card)


@pytest.mark.parametrize("typ", ["JWT", None, "vc+sd-jwt", "DC+SD-JWT", "statuslist+jwt"])
def test_S20_only_the_current_type_is_one(arena, card, judge, typ):
    forged = arena.linden.forged(card, header={"typ": typ})
    judge(lambda asked: forged.present(asked.client_id, asked.nonce), CRYPTO)


def test_S22_disclosures_in_the_header_are_refused(arena, card, judge):
    forged = arena.linden.forged(card, header={"disclosures": [of(card, "voornamen").encoded]})
    judge(lambda asked: forged.text + key_binding(card, asked).rpartition("~")[2], MALFORMED)


def test_S23_two_thousand_disclosures_are_the_limit(card, judge):
    text = with_disclosures(card, *[disclosure("zout", f"n{one}", 1) for one in range(2_001)])
    # Bound by hand: our own kit refuses to bind so many.
    members = {"sd_hash": digest(text)}
    judge(lambda asked: text + key_binding(card, asked, **members).rpartition("~")[2], LIMIT)
