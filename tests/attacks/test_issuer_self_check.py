"""Row T16: an issuer signs with keys that its DID document and the scheme show, or not at all."""

import shutil
import tempfile
import time
from pathlib import Path

import pytest

from holder_demo.demo.processes import ServiceError
from holder_demo.demo.world import World
from tests.attacks import forging
from tests.attacks.exchange import send
from tests.attacks.holder import Holder
from vckit import strict_json
from vckit.adapters.private_files import write_private
from vckit.encoding import b64url_decode
from vckit.keys import PrivateKey
from vckit.trust import sign_scheme

pytestmark = pytest.mark.services

SLUG, NAME = "boxtel", "Gemeente Boxtel"
W3C = (
    "schuldenopgave_ldp_eddsa",
    "schuldenopgave_ldp_ecdsa",
    "schuldenopgave_vc11",
    "schuldenopgave_jwt_vc",
    "schuldenopgave_vc_jwt",
)


def document_of(issuer):
    answer = send("GET", f"{issuer}/.well-known/did.json")
    assert answer.status == 200
    return answer.json()


@pytest.mark.parametrize("configuration", W3C)
def test_T16_what_is_signed_is_signed_by_a_key_of_the_did_document(world, configuration):
    wallet, bsn = Holder(world.url(SLUG)), world.residents[2].bsn
    made = world.issuer_json(SLUG, "offer", "--bsn", bsn, "--profile", "all")
    token = wallet.access_token(made["code"])
    answer = wallet.fetch(token, wallet.proof(), credential_configuration_id=configuration)
    assert answer.status == 200, answer.body
    [credential] = [one["credential"] for one in answer.json()["credentials"]]
    document = document_of(wallet.issuer)
    if isinstance(credential, dict):
        method, issuer = credential["proof"]["verificationMethod"], credential["issuer"]
    else:
        header, claims = forging.parts(credential)
        method, issuer = header["kid"], claims["iss"]
    issuer = issuer["id"] if isinstance(issuer, dict) else issuer
    assert issuer == document["id"]
    assert method in document["assertionMethod"]
    assert method in [one["id"] for one in document["verificationMethod"]]


@pytest.fixture(scope="module")
def apart():
    """A world of its own, of which no service was started."""
    folder = Path(tempfile.mkdtemp(prefix="blauweknop-keys-"))
    with World.create(folder, import_data=False) as made:
        yield made
    shutil.rmtree(folder)


@pytest.fixture
def refused(apart):
    """Does not start, and says why; undone, it starts."""

    def judged(why):
        with pytest.raises(ServiceError, match=why):
            apart.start(SLUG)

    yield judged
    apart.start(SLUG)
    assert document_of(apart.url(SLUG))["assertionMethod"]
    apart.stop(SLUG)


@pytest.fixture
def scheme(apart):
    """Sign the scheme again with other members of this organisation's entry."""
    path = apart.folder / "scheme.json"
    kept = path.read_bytes()
    operator = PrivateKey.from_pem((apart.folder / "keys" / "scheme-operator.pem").read_bytes())
    limits = strict_json.Limits(string=1_048_576)
    payload = strict_json.loads_object(
        b64url_decode(strict_json.loads_object(kept, limits)["payload"])
    )

    def signed(version, **members):
        others = [one for one in payload["organisaties"] if one["naam"] != NAME]
        [own] = [one for one in payload["organisaties"] if one["naam"] == NAME]
        entry = {**own, **members}
        made = {**payload, "organisaties": [*others, entry], "iat": int(time.time())}
        path.write_bytes(sign_scheme({**made, "versie": version}, [operator]))

    return signed


def test_T16_an_issuer_whose_key_is_not_the_certified_one_does_not_start(apart, refused):
    path = apart.folder / SLUG / "keys" / "credential.pem"
    kept = path.read_bytes()
    path.unlink()
    write_private(path, PrivateKey.generate("ES256").to_pem(), "another key")
    refused("credentials")
    path.unlink()
    write_private(path, kept, "its own key")


def test_T16_an_issuer_whose_certificate_is_not_the_schemes_does_not_start(refused, scheme):
    scheme(2, certificaten=["A" * 43])
    refused("does not trust this issuer")
    scheme(3)


def test_T16_an_issuer_whose_did_is_not_the_schemes_does_not_start(refused, scheme):
    scheme(4, dids=["did:web:elders.example"])
    refused("lacks the DID of this organisation")
    scheme(5)


def test_T16_a_new_key_stands_in_the_document_from_the_moment_that_it_signs(apart):
    path = apart.folder / SLUG / "keys" / "credential-ed25519.pem"
    apart.start(SLUG)
    before = document_of(apart.url(SLUG))
    apart.stop(SLUG)
    path.unlink()
    write_private(path, PrivateKey.generate("EdDSA").to_pem(), "a new key")
    apart.start(SLUG)
    after = document_of(apart.url(SLUG))
    apart.stop(SLUG)
    keys = [{one["id"] for one in each["verificationMethod"]} for each in (before, after)]
    assert after["verificationMethod"] != before["verificationMethod"]
    assert keys[0] != keys[1]
