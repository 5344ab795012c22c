"""Rows 5 and 6: every organisation in every format in one response, and forgers among them."""

import json
from dataclasses import dataclass, replace

import pytest

from tests.vckit import participants
from tests.vckit.statements import debt
from tests.verifier import pid, w3c
from tests.verifier.wallet import Wallet, begin
from tests.verifier.world import Municipality
from vckit import data_integrity, jose, strict_json, trust
from vckit.data_integrity import ed25519_signature_2020
from vckit.encoding import b64url_decode
from vckit.keys import PrivateKey
from verifier import create_app
from verifier.casework import case_report
from verifier.installation import initialise
from verifier.opening import open_office
from verifier.wording import DUTCH

EVERY = ["dc+sd-jwt", "ldp_vc", "jwt_vc_json", "vc+jwt"]
# One way of issuing for each format; None is SD-JWT VC.
WAYS = (None, "ldp_eddsa", "jwt_vc", "vc_jwt")
FORGED = (None, *w3c.KINDS)


@dataclass
class Meeting:
    """A verifier that trusts three organisations and a giver of identity cards."""

    world: object
    office: object
    wallet: Wallet
    sources: tuple
    giver: pid.Giver

    def state(self, way, source, *debts, **members):
        holder = PrivateKey.generate("ES256")
        if way is None:
            return source.state(*debts, holder=holder, members=members or None)
        return w3c.state(way, source, *debts, holder=holder, members=members)

    def share(self, *cards, identity=None):
        case, started = begin(self.office, self.world, formats=EVERY)
        asked = self.wallet.fetch(started)
        token = w3c.token(asked, self.world.now, *cards)
        if identity:
            token["identity"] = [identity.present(asked, now=self.world.now)]
        answer = self.wallet.post(asked, self.wallet.form(asked, **token))
        assert answer.status_code == 200, answer.text
        return case_report(self.office, case, self.world.now, DUTCH)


@pytest.fixture
def third(world):
    one = Municipality(
        "https://vught.example", "Waterschap De Dommel", "00000001004444444000", world.clock
    )
    one.publish(world.network)
    return one


@pytest.fixture
def meeting(world, third):
    """The world with a third organisation on its scheme."""
    sources = (world.boxtel, world.michielsgestel, third)
    giver = pid.giver()
    operator = PrivateKey.generate("EdDSA")
    payload = read(world)
    payload["versie"] += 1
    payload["organisaties"].append(third.entry())
    (world.folder / "scheme.json").write_bytes(trust.sign_scheme(payload, [operator]))
    (world.folder / "operator.jwk.json").write_bytes(strict_json.dumps(operator.public.to_jwk()))
    world.config = pid.trusting(world.config, world.folder, giver)
    list(initialise(world.config))
    office = open_office(world.config, world.now, world.network)
    world.scheme = office.scheme
    app = create_app(world.config, clock=world.clock, fetcher=world.network)
    return Meeting(world, office, Wallet(world, app.test_client()), sources, giver)


def read(world):
    signed = strict_json.loads_object((world.folder / "scheme.json").read_bytes())
    return strict_json.loads_object(b64url_decode(signed["payload"]))


def test_row_5_three_organisations_in_four_formats_of_one_person_are_one_overview(meeting):
    cards = [
        meeting.state(way, source, *(debt(10 * place + number) for number in range(place + 1)))
        for place, source in enumerate(meeting.sources)
        for way in WAYS
    ]
    assert len({card.holder.public for card in cards}) == 12
    names = [source.name for source in meeting.sources]
    found = meeting.share(*cards, identity=meeting.giver.card())
    assert found["complete"]
    # Each statement came four times and counts once: 1, 2 and 3 debts.
    assert found["totals"]["outstanding"] == 6 * 42_900
    assert len(found["debts"]) == 6
    assert [each["state"] for each in found["organisations"]] == 3 * ["verified"]
    assert [each["outstanding"] for each in found["organisations"]] == [
        (names.index(each["name"]) + 1) * 42_900 for each in found["organisations"]
    ]
    assert {each["reason"] for each in found["findings"]} == {"repeated"}
    assert len(found["findings"]) == 9
    assert found["person"]["established"]


def forged(meeting, way, debts=()):
    """In the name of the first, by the key of the second, who is trusted in its own name."""
    victim, insider, _ = meeting.sources
    if way is None:
        own = insider.participant
        return meeting.state(None, victim, *debts, chain=own.chain, signer=own.key)
    algorithm = w3c.KINDS[way][1]
    key, method = insider.did_keys[algorithm], insider.method(algorithm)
    holder = PrivateKey.generate("ES256")
    made = w3c.state(
        way,
        insider,
        *debts,
        holder=holder,
        members={"signer": key, "verification_method": method},
    )
    return in_the_name_of(victim, made, way, key, method)


def in_the_name_of(victim, made, way, key, method):
    """The kit refuses to issue in another's name, so the document is signed anew."""
    if way in {"jwt_vc", "vc_jwt"}:
        parsed = jose.parse(made.text)
        claims = parsed.claims()
        claims["iss"] = victim.did
        inner = claims.get("vc", claims)
        inner["issuer"] = victim.did
        header = {name: value for name, value in parsed.header.items() if name != "alg"}
        return replace(made, text=jose.sign({**header, "kid": method}, claims, key))
    document = json.loads(made.text)
    proof = document.pop("proof")
    document["issuer"] = victim.did
    how = {
        "signer": key,
        "verification_method": method,
        "purpose": "assertionMethod",
        "created": participants.NOW,
        "json_ld": w3c.JSON_LD,
    }
    if way == "vc11":
        return replace(made, text=json.dumps(ed25519_signature_2020.add_proof(document, **how)))
    signed = data_integrity.add_proof(document, cryptosuite=proof["cryptosuite"], **how)
    return replace(made, text=json.dumps(signed))


@pytest.mark.parametrize("way", FORGED)
def test_row_6_T02_a_trusted_organisation_in_anothers_name_is_untrusted_and_shown(meeting, way):
    honest = meeting.state(None, meeting.sources[2], debt(9))
    found = meeting.share(forged(meeting, way, [debt(1)]), honest)
    assert [each["reason"] for each in found["findings"]] == ["untrusted_issuer"]
    assert found["totals"]["outstanding"] == 42_900
    states = {each["name"]: each["state"] for each in found["organisations"]}
    assert "verified" not in {states[each.name] for each in meeting.sources[:2]}
    assert found["findings"][0]["text"]


@pytest.mark.parametrize("way", FORGED)
def test_row_6_twin_in_its_own_name_it_counts(meeting, way):
    found = meeting.share(meeting.state(way, meeting.sources[1], debt(1)))
    assert found["findings"] == []
    assert found["totals"]["outstanding"] == 42_900
