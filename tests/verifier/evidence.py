"""Statements as they are after checking, for the overview alone."""

from itertools import count

from tests.vckit import statements
from tests.verifier.world import NOW, PERSON
from vckit import statement
from verifier.findings import Accepted, Evidence, Rejected, Source
from verifier.question import kept

BOXTEL = Source("Gemeente Boxtel", "00000001001234567000")
GESTEL = Source("Gemeente Sint-Michielsgestel", "00000001007654321000")
BAILIFF = Source("Deurwaarder De Wit", "00000001003333333000")
_numbers = count()


def evidence(source=BOXTEL, *debts, basis="wallet", digest=None, shown=None, **changes):
    """Checked evidence; `shown` are the debts that were disclosed (default: all)."""
    stated = statements.terms(
        *debts,
        **{
            "aangeleverd_door": {"naam": source.name, "oin": source.oin or BOXTEL.oin},
            **PERSON,
            **changes,
        },
    )
    stated["vorderingen"] = list(debts if shown is None else shown)
    return Evidence(
        source=source,
        basis=basis,
        digest=digest or f"digest-{next(_numbers)}",
        terms=kept(stated),
        issued_at=statements.ISSUED,
        expires_at=NOW + 86_400,
        checked_at=NOW,
        status_at=NOW,
        breaches=tuple(statement.breaches(stated, issued_at=statements.ISSUED, now=NOW)),
    )


def accepted(*arguments, **changes):
    return Accepted(evidence(*arguments, **changes))


def rejected(reason, *arguments, **changes):
    found = evidence(*arguments, **changes)
    return Rejected(reason, found.source, found.basis, found)
