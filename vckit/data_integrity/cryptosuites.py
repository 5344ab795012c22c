"""The cryptosuites of `DataIntegrityProof`, each one record. Adding one is one line."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vckit.data_integrity import rdfc
from vckit.keys import EDDSA, ES256, PublicKey
from vckit.rdf import JsonLd
from vckit.signers import Signer

_Members = Mapping[str, Any]


@dataclass(frozen=True)
class Cryptosuite:
    """How proofs of one name are made and verified.

    `algorithms` are those of its keys. `create` takes the unsecured document and the proof options
    and gives `proofValue`; `verify` takes that as well and raises a VerificationError.
    """

    algorithms: Collection[str]
    create: Callable[[_Members, _Members, Signer, JsonLd], str]
    verify: Callable[[_Members, _Members, str, PublicKey, JsonLd], None]


CRYPTOSUITES: Final[dict[str, Cryptosuite]] = {
    "eddsa-rdfc-2022": Cryptosuite((EDDSA,), rdfc.create, rdfc.verify),
    "ecdsa-rdfc-2019": Cryptosuite((ES256,), rdfc.create, rdfc.verify),
}
