"""The time stamp inside a seal: what an authority signed about the moment (RFC 3161).

Authorities have keys of many kinds, so pyHanko judges them: when one is asked for a stamp, and in
the child that opens a document.
"""

import asyncio
from collections.abc import Callable, Sequence
from hashlib import new as hash_of
from pathlib import Path
from typing import Any, Final

from asn1crypto import cms, pem
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from vckit.sealed_pdf.refusal import Refused

# Digests of what was stamped, by the name of the algorithm.
Imprint = Callable[[str], bytes]

_DIGESTS: Final = frozenset({"sha256", "sha384", "sha512"})
_REFUSED: Final = "other_seal"


def verified(token: cms.ContentInfo, signature: bytes, trusted: Path | None) -> tuple[int, bool]:
    """When this signature was seen (epoch seconds), and whether by an authority of `trusted`.

    A token that does not hold, or is about another signature, is Refused.
    """

    def imprint(algorithm: str) -> bytes:
        if algorithm not in _DIGESTS:
            raise Refused(_REFUSED)
        return hash_of(algorithm, signature).digest()

    return asyncio.run(judged(token, imprint, trusted))


async def judged(
    token: cms.ContentInfo, imprint: Imprint, trusted: Path | None
) -> tuple[int, bool]:
    """The same for what is known by its digest."""
    try:
        signed = token["content"]
        moment = signed["encap_content_info"]["content"].parsed["gen_time"].native
        context = ValidationContext(
            trust_roots=anchors(trusted), allow_fetching=False, moment=moment
        )
        told = await validate_tst_signed_data(signed, context, imprint)
    except (SignatureValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(_REFUSED) from error
    if not (told["intact"] and told["valid"] and _is_plain(signed)):
        raise Refused(_REFUSED)
    return int(moment.timestamp()), told.get("trust_problem_indic") is None


def anchors(trusted: Path | None) -> Sequence[asn1_x509.Certificate]:
    """The certificates of a PEM file; ValueError or OSError where it is none."""
    if trusted is None:
        return []
    found = pem.unarmor(trusted.read_bytes(), multiple=True)
    return [asn1_x509.Certificate.load(der) for _, _, der in found]


def _is_plain(signed: Any) -> bool:
    """Nothing stands in it that its signature does not cover, but for certificates."""
    [signer] = signed["signer_infos"]
    return signed["crls"].native is None and signer["unsigned_attrs"].native is None
