"""SD-JWTs as an attacker or a careless issuer would write them: any payload, any disclosure."""

from vckit import jose, sd_jwt, strict_json
from vckit.encoding import b64url_encode, sha256_b64url
from vckit.keys import PrivateKey

NOW = 1_795_500_000
ISSUER = PrivateKey.generate("ES256")
HOLDER = PrivateKey.generate("ES256")
AUDIENCE = "x509_hash:verifier"
NONCE = "n-0S6_WzA2Mj-0S6_WzA2Mj"
CNF = {"jwk": HOLDER.public_key.to_jwk()}
EXPECTED = sd_jwt.KeyBindingExpectation(AUDIENCE, NONCE)


def disclosure(*elements):
    return b64url_encode(strict_json.dumps(list(elements)))


def digest(encoded):
    return sha256_b64url(encoded.encode())


def forge(payload, *disclosures, key=ISSUER, **header):
    issuer_jwt = jose.sign({"typ": "dc+sd-jwt", **header}, payload, key)
    return "~".join([issuer_jwt, *disclosures, ""])


def verify(text, **changes):
    settings = {"issuer_key": ISSUER.public_key, "key_binding": None, "now": NOW}
    return sd_jwt.verify(text, **{**settings, "never_disclosable": (), **changes})


def claims(payload, *disclosures, **changes):
    return verify(forge(payload, *disclosures), **changes).claims


def key_binding(text, *, key=HOLDER, typ="kb+jwt", without=(), **changes):
    """A KB-JWT over `text`, right but for the changes."""
    members = {"iat": NOW, "aud": AUDIENCE, "nonce": NONCE, "sd_hash": digest(text), **changes}
    kept = {name: value for name, value in members.items() if name not in without}
    return jose.sign({"typ": typ}, kept, key)
