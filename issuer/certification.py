"""The Blauwe Knop as one act: state the debts, put them on pages, seal them."""

from collections.abc import Sequence
from dataclasses import dataclass

from issuer import document
from issuer.issuance import Issuance
from issuer.person import Person
from vckit import x509
from vckit.formats import dc_sd_jwt
from vckit.signers import Signer


@dataclass(frozen=True)
class Certification:
    """Makes the sealed documents of one organisation; `chain` belongs to `signer`, leaf first."""

    issuance: Issuance
    signer: Signer
    chain: Sequence[x509.Certificate]

    def make(self, person: Person, now: int) -> bytes:
        """A sealed PDF of this person's debts at `now`; it is recorded and can be withdrawn.

        Raises what `Issuance.document` raises.
        """
        issued = self.issuance.document(person, now)
        return document.make(
            issued.terms,
            issued.text,
            dc_sd_jwt.digest(issued.text),
            signer=self.signer,
            chain=self.chain,
            made_at=now,
        )
