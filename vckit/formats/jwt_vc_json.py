"""The format `jwt_vc_json`: data model 1.1 in the claim `vc` of a JWT (its section 6.3.1).

The members are written in the credential and once more as registered claims; read, they may stand
in either place, and in both only when they say the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from vckit import data_model, jose
from vckit.data_model import EXPANDED_TYPES, TYPES, V11, Envelope
from vckit.did import moment
from vckit.errors import MalformedValueError
from vckit.formats import jwt
from vckit.formats.binding import check_named, check_signer, holder_method, proven
from vckit.formats.credential import ProvenCredential, UnverifiedCredential
from vckit.keys import PublicKey
from vckit.sd_jwt import KeyBindingExpectation, Path
from vckit.signers import Signer

FORMAT: Final = "jwt_vc_json"
TYP: Final = "JWT"
_VC: Final = "vc"
_VP: Final = "vp"


def issue(
    terms: Mapping[str, Any], envelope: Envelope, *, signer: Signer, verification_method: str
) -> str:
    """A debt statement as a JWT; see `vckit.formats`."""
    document = data_model.build_v11(terms, envelope)
    holder = {} if envelope.holder_id is None else {"sub": envelope.holder_id}
    claims = {
        "iss": envelope.issuer,
        **holder,
        "nbf": envelope.issued_at,
        "exp": envelope.expires,
        "jti": document["id"],
        _VC: document,
    }
    return jose.sign({"typ": TYP, "kid": verification_method}, claims, signer)


@dataclass(frozen=True)
class JwtVcJson:
    """The `Format`; a presentation is a JWT of the holder with the credentials' JWTs inside."""

    FORMAT: ClassVar[str] = FORMAT
    ENTRY_TYPE: ClassVar[type] = str

    context_url: str

    def open_presentation(
        self, presentation: Any, *, expected: KeyBindingExpectation, now: int
    ) -> tuple[UnverifiedCredential, ...]:
        """Every credential of the presentation, whose claims and credentials are all JWTs."""
        claims, key = jwt.presentation_claims(presentation, typ=TYP, expected=expected, now=now)
        inner = claims.get(_VP)
        if not isinstance(inner, dict) or _VC in claims:
            raise MalformedValueError("this JWT is not a presentation")
        if data_model.version_of_presentation(inner, bare=True) is not V11 or "proof" in inner:
            raise MalformedValueError("the presentation is of another version")
        check_named(data_model.holder_of(inner), key)
        return tuple(jwt.opened(FORMAT, text, key) for text in data_model.credentials_of(inner))

    def open_held(self, text: str) -> UnverifiedCredential:
        """A credential with no presenter."""
        return jwt.opened(FORMAT, text, None)

    def verify(
        self,
        unverified: UnverifiedCredential,
        *,
        issuer_key: PublicKey,
        now: int,  # noqa: ARG002  times are judged apart
    ) -> ProvenCredential:
        """The issuer's signature, the agreement of claims and credential, the holder."""
        check_signer(unverified)
        claims = jose.verify(unverified.content, issuer_key, typ=TYP).claims()
        document = _document(claims)
        jwt.check_same(claims, document, V11)
        # It has an `issuanceDate`, which no credential of 2.0 may have.
        credential = data_model.read(document, context_url=self.context_url)
        return proven(
            unverified,
            jwt.with_iat(credential, claims),
            document=document,
            types=(*TYPES, *EXPANDED_TYPES),
        )

    def present(
        self,
        text: str,
        *,
        keep: Collection[Path],  # noqa: ARG002  nothing can be withheld
        signer: Signer,
        audience: str,
        nonce: str,
        now: int,
    ) -> str:
        """The whole credential in a JWT of its holder."""
        document = _document(jose.parse(text).claims())
        holder_id, method = holder_method(document.get("credentialSubject"), signer)
        claims = {
            **jwt.presentation_envelope(holder_id, audience, nonce, now),
            _VP: data_model.build_presentation([V11.base], [text], holder=holder_id),
        }
        return jose.sign({"typ": TYP, "kid": method}, claims, signer)


def open_format(_json_ld: object, context_url: str) -> JwtVcJson:
    """The format, which reads JSON and no JSON-LD."""
    return JwtVcJson(context_url)


def _document(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The credential, its missing members taken from the claims (data model 1.1, 6.3.1)."""
    held, since = claims.get(_VC), jwt.times(claims).get("nbf")
    if not isinstance(held, dict) or _VP in claims or since is None:
        raise MalformedValueError("this JWT is not a credential")
    registered = {"issuer": claims.get("iss"), "id": claims.get("jti")}
    registered[V11.since] = moment.write(since)
    if "exp" in claims:
        registered[V11.until] = moment.write(claims["exp"])
    document = {**registered, **held}
    subject = document.get("credentialSubject")
    if isinstance(subject, dict) and "sub" in claims:
        document["credentialSubject"] = {"id": claims["sub"], **subject}
    return document
