"""The time stamp inside a seal: what an authority signed about the moment (RFC 3161, B-T).

Authorities have keys of many kinds, so pyHanko judges them. Only ever run in the child.
"""

import asyncio
from collections.abc import Sequence
from hashlib import new as hash_of
from pathlib import Path
from typing import Any, Final

from asn1crypto import cms, pem
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from vckit.sealed_pdf.refusal import Refused

_DIGESTS: Final = frozenset({"sha256", "sha384", "sha512"})


def verified(token: cms.ContentInfo, signature: bytes, trusted: Path | None) -> tuple[int, bool]:
    """When this signature was seen (epoch seconds), and whether by an authority of `trusted`.

    A token that does not hold, or is about another signature, is Refused.
    """
    try:
        signed = token["content"]
        info = signed["encap_content_info"]["content"].parsed
        moment = info["gen_time"].native
        told = asyncio.run(_judged(signed, signature, moment, _anchors(trusted)))
    except (SignatureValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("other_seal") from error
    if not (told["intact"] and told["valid"] and _is_plain(signed)):
        raise Refused("other_seal")
    return int(moment.timestamp()), bool(told.get("trust_problem_indic") is None)


async def _judged(
    signed: Any, signature: bytes, moment: Any, anchors: Sequence[asn1_x509.Certificate]
) -> Any:
    context = ValidationContext(trust_roots=list(anchors), allow_fetching=False, moment=moment)

    def imprint(algorithm: str) -> bytes:
        if algorithm not in _DIGESTS:
            raise ValueError("the digest is weak")
        return hash_of(algorithm, signature).digest()

    return await validate_tst_signed_data(signed, context, imprint)


def _is_plain(signed: Any) -> bool:
    """Nothing stands in it that its signature does not cover, but for certificates."""
    [signer] = signed["signer_infos"]
    return signed["crls"].native is None and signer["unsigned_attrs"].native is None


def _anchors(trusted: Path | None) -> list[asn1_x509.Certificate]:
    if trusted is None:
        return []
    found = pem.unarmor(trusted.read_bytes(), multiple=True)
    return [asn1_x509.Certificate.load(der) for _, _, der in found]
