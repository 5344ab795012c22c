"""The published cases, with the PyPI library sd-jwt as second opinion in both directions.

The cases state claims, what is disclosable (`!sd`) and what the holder discloses; signatures are
made here, since the published ones carry random salts. The JSON serialisation of two of them is
not taken: their claims are tried in the compact form.
"""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit.sd_jwt_forge import (
    AUDIENCE,
    EXPECTED,
    HOLDER,
    ISSUER,
    NONCE,
    NOW,
    digest,
    disclosure,
    forge,
    verify,
)
from tests.vckit.vectors import FOLDER, needed
from vckit import sd_jwt

ROOTS = ("sd-jwt-cases/tests/testcases", "sd-jwt-rfc9901/examples")
FILES = [file for root in ROOTS for file in sorted((FOLDER / root).glob("*/specification.yml"))]
HEADER = {"typ": "dc+sd-jwt"}

CASES = [pytest.param(file, id=f"{file.parts[-4]}-{file.parts[-2]}") for file in FILES]


@pytest.fixture(scope="module")
def library():
    from jwcrypto.jwk import JWK
    from sd_jwt.common import SDObj
    from sd_jwt.holder import SDJWTHolder
    from sd_jwt.issuer import SDJWTIssuer
    from sd_jwt.verifier import SDJWTVerifier

    return SimpleNamespace(
        mark=SDObj,
        holder=SDJWTHolder,
        issuer=SDJWTIssuer,
        verifier=SDJWTVerifier,
        issuer_key=JWK.from_json(json.dumps(ISSUER.to_jwk())),
        issuer_public=JWK.from_json(json.dumps(ISSUER.public_key.to_jwk())),
        holder_key=JWK.from_json(json.dumps(HOLDER.to_jwk())),
    )


def read(file):
    from sd_jwt.utils.yaml_specification import load_yaml_specification

    return load_yaml_specification(file)


def is_marked(value):
    return type(value).__name__ == "SDObj"


def plain(value):
    """The claims of a case without its marks."""
    if is_marked(value):
        return plain(value.value)
    if isinstance(value, dict):
        return {plain(name): plain(member) for name, member in value.items()}
    return [plain(element) for element in value] if isinstance(value, list) else as_json(value)


def as_json(value):
    return json.loads(json.dumps(value, default=str))


def marked(value, at=()):
    """The paths that a case marks as disclosable."""
    inner = value.value if is_marked(value) else value
    if isinstance(inner, dict):
        for name, member in inner.items():
            path = (*at, plain(name))
            yield from [path] if is_marked(name) else []
            yield from marked(member, path)
    elif isinstance(inner, list):
        for index, element in enumerate(inner):
            yield from [(*at, index)] if is_marked(element) else []
            yield from marked(element, (*at, index))


def kept(chosen, at=()):
    """The paths that a case's holder discloses."""
    members = chosen.items() if isinstance(chosen, dict) else ()
    elements = enumerate(chosen) if isinstance(chosen, list) else ()
    for key, inner in (*members, *elements):
        if inner:
            yield (*at, key)
            yield from kept(inner, (*at, key))


def without_holder(claims):
    return {name: value for name, value in claims.items() if name != "cnf"}


def presented(case):
    """What our issuer and our holder make of a case."""
    claims = {**plain(case["user_claims"]), "cnf": {"jwk": HOLDER.public_key.to_jwk()}}
    text = sd_jwt.issue(
        claims, disclosable=set(marked(case["user_claims"])), header=HEADER, signer=ISSUER
    )
    chosen = sd_jwt.present(text, keep=set(kept(case["holder_disclosed_claims"])))
    return sd_jwt.bind(chosen, signer=HOLDER, audience=AUDIENCE, nonce=NONCE, now=NOW)


def second_opinion(library, presentation):
    verifier = library.verifier(presentation, lambda *_: library.issuer_public, AUDIENCE, NONCE)
    return without_holder(verifier.get_verified_payload())


@needed
@pytest.mark.parametrize("file", CASES)
def test_a_case_ends_in_the_claims_that_it_states(file, library):
    case = read(file)
    presentation = presented(case)
    ours = without_holder(verify(presentation, key_binding=EXPECTED).claims)
    assert ours == second_opinion(library, presentation)
    if "expect_verified_user_claims" in case:
        assert ours == as_json(case["expect_verified_user_claims"])


@needed
@pytest.mark.parametrize("file", CASES)
def test_what_the_library_issues_and_presents_is_accepted(file, library):
    case = read(file)
    issuer = library.issuer(
        json_ready(case["user_claims"], library.mark),
        library.issuer_key,
        holder_key=library.holder_key,
        extra_header_parameters=HEADER,
        add_decoy_claims=True,
    )
    holder = library.holder(issuer.sd_jwt_issuance)
    holder.create_presentation(case["holder_disclosed_claims"], NONCE, AUDIENCE, library.holder_key)
    presentation = holder.sd_jwt_presentation
    ours = verify(presentation, key_binding=EXPECTED, now=bound_at(presentation))
    assert without_holder(ours.claims) == second_opinion(library, presentation)


def bound_at(presentation):
    """The library reads the clock itself."""
    from vckit import jose

    return jose.parse(presentation.rpartition("~")[2]).claims()["iat"]


def json_ready(value, mark):
    """The claims of a case with dates as text, marks kept."""
    if is_marked(value):
        return mark(json_ready(value.value, mark))
    if isinstance(value, dict):
        return {json_ready(name, mark): json_ready(inner, mark) for name, inner in value.items()}
    if isinstance(value, list):
        return [json_ready(element, mark) for element in value]
    return as_json(value)


@needed
def test_every_published_case_is_tried():
    assert len(CASES) == 17 + 15


NAMES = st.text(alphabet="abcdef", min_size=1, max_size=3)
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=4))
def test_whatever_we_issue_the_library_reads_alike(library, claims):
    text = sd_jwt.issue(
        claims, disclosable=[(name,) for name in claims], header=HEADER, signer=ISSUER
    )
    verifier = library.verifier(text, lambda *_: library.issuer_public)
    assert verifier.get_verified_payload() == claims == verify(text).claims


def test_S02_S05_the_library_accepts_what_is_refused_here(library):
    """Why it is a second opinion and not the verifier."""
    reserved = disclosure("s", "...", "x")
    text = forge({"_sd": [digest(reserved)]}, reserved)
    assert library.verifier(text, lambda *_: library.issuer_public).get_verified_payload()
