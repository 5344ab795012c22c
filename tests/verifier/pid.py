"""Identity credentials of a giver that the verifier's settings trust, or not."""

from dataclasses import dataclass

from tests.vckit import participants
from tests.verifier.world import NOW, replaced
from vckit import sd_jwt, x509
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.sd_jwt import disclosures_by_path
from verifier.config import IdentitySettings

VCT = "urn:eudi:pid:1"
GIVER_URL = "https://identiteit.example"
JOSE = {"family_name": "d'Hondt", "given_name": "José", "birthdate": "1974-08-21"}
ANOUK = {"family_name": "Nowak", "given_name": "Anouk", "birthdate": "1984-01-23"}
NAMES = tuple(JOSE)


@dataclass(frozen=True)
class IdentityCard:
    """As a wallet holds it; with `holder` None it is bound to nobody."""

    text: str
    holder: PrivateKey | None

    def present(self, asked, *, now, without=(), audience=None, nonce=None, signer=None):
        keep = [path for path in disclosures_by_path(self.text) if path not in without]
        return dc_sd_jwt.present(
            self.text,
            keep=keep,
            signer=signer or self.holder,
            audience=audience or asked.client_id,
            nonce=nonce or asked.nonce,
            now=now,
        )


@dataclass
class Giver:
    """Who issues identity credentials."""

    participant: participants.Participant

    def card(self, person=None, *, signer=None, chain=None, **members):
        """A card of `person` (José), held by a key of its own."""
        holder = PrivateKey.generate("ES256")
        claims = {
            "iss": GIVER_URL,
            "iat": NOW - 60,
            "exp": NOW + 3_600,
            "vct": VCT,
            "cnf": {"jwk": holder.public.to_jwk()},
            **(person or JOSE),
            **members,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        text = sd_jwt.issue(
            claims,
            disclosable=[(name,) for name in NAMES if name in claims],
            header={
                "typ": dc_sd_jwt.FORMAT,
                "x5c": x509.to_x5c(chain or self.participant.chain),
            },
            signer=signer or self.participant.key,
        )
        return IdentityCard(text, holder)


def giver():
    return Giver(participants.participant(GIVER_URL))


def trusting(config, folder, *givers):
    """The configuration of a verifier that asks identity credentials and trusts these givers."""
    path = folder / "identity-issuers.pem"
    path.write_bytes(x509.to_pem([each.participant.chain[1] for each in givers]))
    return replaced(config, identity=IdentitySettings(certificates=path))
