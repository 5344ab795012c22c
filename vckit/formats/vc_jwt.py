"""The format `vc+jwt`: data model 2.0 as the payload of a JWT (VC-JOSE-COSE 3.1).

OpenID4VCI and OpenID4VP 1.0 name no such format: it is an extension of this kit. A presentation is
a `vp+jwt` with each credential in an EnvelopedVerifiableCredential (data model 2.0, 4.13).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from vckit import data_model, jose
from vckit.data_model import EXPANDED_TYPES, TYPES, V2, Envelope
from vckit.errors import MalformedValueError
from vckit.formats import jwt
from vckit.formats.binding import check_named, check_signer, holder_method, proven
from vckit.formats.credential import ProvenCredential, UnverifiedCredential
from vckit.keys import PublicKey
from vckit.sd_jwt import KeyBindingExpectation, Path
from vckit.signers import Signer

FORMAT: Final = "vc+jwt"
TYP: Final = "vc+jwt"
PRESENTATION_TYP: Final = "vp+jwt"
_ENVELOPED: Final = "EnvelopedVerifiableCredential"
_DATA: Final = "data:application/vc+jwt,"
# VC-JOSE-COSE 3.1.3: what a JWT says beside the document.
_CLAIMS: Final = frozenset({"iss", "sub", "jti", *jwt.TIMES})
_PRESENTATION_CLAIMS: Final = _CLAIMS | {"aud", "nonce"}


def issue(
    terms: Mapping[str, Any], envelope: Envelope, *, signer: Signer, verification_method: str
) -> str:
    """A debt statement as a JWT; see `vckit.formats`."""
    claims = {"iss": envelope.issuer, **data_model.build_v2(terms, envelope)}
    return jose.sign({"typ": TYP, "cty": "vc", "kid": verification_method}, claims, signer)


@dataclass(frozen=True)
class VcJwt:
    """The `Format`."""

    FORMAT: ClassVar[str] = FORMAT
    ENTRY_TYPE: ClassVar[type] = str

    context_url: str

    def open_presentation(
        self, presentation: Any, *, expected: KeyBindingExpectation, now: int
    ) -> tuple[UnverifiedCredential, ...]:
        """Every credential of the presentation."""
        claims, key = jwt.presentation_claims(
            presentation, typ=PRESENTATION_TYP, expected=expected, now=now
        )
        inner = _without(claims, _PRESENTATION_CLAIMS)
        if data_model.version_of_presentation(inner, bare=True) is not V2 or "proof" in inner:
            raise MalformedValueError("the presentation is of another version")
        check_named(data_model.holder_of(inner), key)
        texts = map(_unwrapped, data_model.credentials_of(inner))
        return tuple(jwt.opened(FORMAT, text, key) for text in texts)

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
        document = _without(claims, _CLAIMS)
        credential = data_model.read(document, context_url=self.context_url)
        if credential.version is not V2:
            raise MalformedValueError("the credential is of another version")
        jwt.check_same(claims, document, V2)
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
        subject = jose.parse(text).claims().get("credentialSubject")
        holder_id, method = holder_method(subject, signer)
        claims = {
            **jwt.presentation_envelope(holder_id, audience, nonce, now),
            **data_model.build_presentation([V2.base], [_wrapped(text)], holder=holder_id),
        }
        return jose.sign({"typ": PRESENTATION_TYP, "cty": "vp", "kid": method}, claims, signer)


def open_format(_json_ld: object, context_url: str) -> VcJwt:
    """The format, which reads JSON and no JSON-LD."""
    return VcJwt(context_url)


def _without(claims: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name not in names}


def _wrapped(text: str) -> dict[str, str]:
    return {"@context": V2.base, "id": f"{_DATA}{text}", "type": _ENVELOPED}


def _unwrapped(enveloped: object) -> str:
    match enveloped:
        case {"@context": context, "id": str(identifier), "type": kind, **others} if (
            context in (V2.base, [V2.base])
            and kind in (_ENVELOPED, [_ENVELOPED])
            and identifier.startswith(_DATA)
            and not others
        ):
            return identifier.removeprefix(_DATA)
    raise MalformedValueError("the presentation holds what is no enveloped credential")
