"""The published examples of vc-di-eddsa and vc-di-ecdsa: every step equal, every proof holds."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.vckit import vectors
from tests.vckit.data_integrity.examples import json_ld
from vckit.data_integrity import PROOF_TYPES, add_proof, rdfc, unverified_proof
from vckit.data_integrity.proof import options_of, without_proof
from vckit.did import holder_key, multikey
from vckit.encoding import b64url_encode, base58btc_decode, base58btc_encode
from vckit.errors import CryptographicSecurityError
from vckit.keys import PrivateKey

NOW = 1_795_500_000

pytestmark = vectors.needed


@dataclass(frozen=True)
class Example:
    """One folder of steps; `suffix` ends the names of its files."""

    folder: str
    suffix: str
    keys: str
    private: str

    def __str__(self):
        return self.folder

    @property
    def path(self) -> Path:
        return vectors.FOLDER / self.keys.partition("/")[0] / "TestVectors" / self.folder

    def text(self, step):
        return (self.path / f"{step}{self.suffix}.txt").read_text()

    @cached_property
    def signed(self):
        return json.loads((self.path / f"signed{self.suffix}.json").read_text())

    @property
    def key(self):
        """The private key: two octets of codec and 32 of the secret."""
        pair = json.loads((vectors.FOLDER / self.keys).read_text())
        public = multikey.decode(pair["publicKeyMultibase"])
        secret = base58btc_decode(pair[self.private])[2:]
        return PrivateKey.from_jwk({**public.to_jwk(), "d": b64url_encode(secret)})


_EDDSA = ("vc-di-eddsa/TestVectors/keyPair.json", "privateKeyMultibase")
_ECDSA = ("vc-di-ecdsa/TestVectors/p256KeyPair.json", "secretKeyMultibase")
SUITES = [
    Example("eddsa-rdfc-2022", "DataInt", *_EDDSA),
    Example("eddsa-rdfc-2022/employ", "DataInt", *_EDDSA),
    Example("ecdsa-rdfc-2019-p256", "ECDSAP256", *_ECDSA),
    Example("ecdsa-rdfc-2019-p256/employ", "ECDSAP256", *_ECDSA),
]
LEGACY = Example("Ed25519Signature2020", "EdSig", *_EDDSA)
every_example = pytest.mark.parametrize("example", [*SUITES, LEGACY], ids=str)


@every_example
def test_the_canonical_document_and_its_digest_are_equal(example):
    canonical = json_ld().canonicalize(without_proof(example.signed))
    assert canonical.decode() == example.text("canonDoc")
    assert hashlib.sha256(canonical).hexdigest() == example.text("docHash")


@every_example
def test_the_canonical_proof_configuration_and_its_digest_are_equal(example):
    document, options = without_proof(example.signed), options_of(example.signed)
    canonical = rdfc.canonical_options(document, options, json_ld(), "sha256")
    assert canonical.decode() == example.text("proofCanon")
    assert hashlib.sha256(canonical).hexdigest() == example.text("proofHash")


@every_example
def test_the_combined_digest_is_equal(example):
    document, options = without_proof(example.signed), options_of(example.signed)
    data = rdfc.hash_data(document, options, json_ld(), "sha256")
    assert data.hex() == example.text("combinedHash")


@every_example
def test_the_signature_is_equal_and_is_written_the_same(example):
    # Both are deterministic: Ed25519 always, ECDSA by RFC 6979.
    signature = example.key.sign(bytes.fromhex(example.text("combinedHash")))
    assert signature.hex() == example.text("sigHex")
    assert base58btc_encode(signature) == example.text("sigBTC58")


@every_example
def test_the_signed_document_verifies_by_the_key_that_it_names(example):
    proof = unverified_proof(example.signed)
    found = PROOF_TYPES[proof.type](
        example.signed,
        key=holder_key(proof.verification_method),
        purpose="assertionMethod",
        json_ld=json_ld(),
        now=NOW,
    )
    assert found == without_proof(example.signed)


@every_example
def test_I01_a_published_document_with_another_claim_is_refused(example):
    proof = unverified_proof(example.signed)
    for name, value in (("name", "Other"), ("validFrom", "2024-01-01T00:00:00Z")):
        with pytest.raises(CryptographicSecurityError):
            PROOF_TYPES[proof.type](
                {**example.signed, name: value},
                key=holder_key(proof.verification_method),
                purpose="assertionMethod",
                json_ld=json_ld(),
                now=NOW,
            )


@pytest.mark.parametrize("example", SUITES, ids=str)
def test_signing_gives_exactly_the_published_document(example):
    proof = unverified_proof(example.signed)
    assert example.signed == add_proof(
        without_proof(example.signed),
        cryptosuite=proof.cryptosuite,
        signer=example.key,
        verification_method=proof.verification_method,
        purpose=proof.purpose,
        created=proof.created,
        json_ld=json_ld(),
    )
