"""What a wallet does with one organisation, over the app's test client."""

from tests.issuer.town import URL, bearer
from vckit import oauth, x509
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.openid4vci import key_proof
from vckit.status import token_status_list


class Wallet:
    """What a wallet does with one organisation, over the app's test client."""

    def __init__(self, town, client):
        self.town = town
        self.client = client
        self.key = PrivateKey.generate("ES256")

    def redeem(self, code, **more):
        form = {"grant_type": oauth.PRE_AUTHORIZED_CODE_GRANT, "pre-authorized_code": code, **more}
        return self.client.post("/token", data=form)

    def token(self, code):
        return self.redeem(code).json["access_token"]

    def nonce(self):
        return self.client.post("/nonce").json["c_nonce"]

    def proof(self, *, key=None, nonce=None, audience=URL):
        return key_proof.create(
            key or self.key,
            audience=audience,
            nonce=nonce or self.nonce(),
            now=self.town.clock.now,
        )

    def ask(self, token, proofs=None, configuration="schuldenopgave_sd_jwt"):
        body = {
            "credential_configuration_id": configuration,
            "proofs": {"jwt": [self.proof()] if proofs is None else proofs},
        }
        return self.client.post("/credential", json=body, headers=bearer(token))

    def receive(self, code):
        """The whole way from a code to the credential."""
        answer = self.ask(self.token(code))
        assert answer.status_code == 200, answer.json
        return answer.json["credentials"][0]["credential"]

    def verify(self, text):
        """As a stranger does, by the scheme."""
        named = dc_sd_jwt.unverified_issuer(text)
        _, key = self.town.scheme().issuer(
            named.iss, named.x5c, kind="schuldenopgave", now=self.town.clock.now
        )
        return dc_sd_jwt.verify(text, issuer_key=key, key_binding=None, now=self.town.clock.now)

    def status(self, text, purpose):
        """The bit of this credential in the published list."""
        [entry] = [one for one in self.verify(text).statuses if one.purpose == purpose]
        answer = self.client.get(entry.uri.removeprefix(URL))
        named = dc_sd_jwt.unverified_issuer(text)
        key = x509.public_key(x509.parse_x5c(named.x5c)[0])
        return token_status_list.verify(
            answer.text, uri=entry.uri, issuer_key=key, now=self.town.clock.now
        ).list.get(entry.index)


def error(answer, status=400):
    """The code of a refusal, after what holds for every refusal."""
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json.get("error")
