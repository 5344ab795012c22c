"""What really is and what is shown of it, before any of our own code sees it.

Amounts are cents; days count back from today, so that a smaller number is later. Nothing of the
product is imported here, in `journeys` or in `oracle`.
"""

from dataclasses import dataclass

BOXTEL = "00000001001234567000"
GESTEL = "00000001007654321000"
TAX_OFFICE = "00000001004444444000"
BAILIFF = "00000001003333333000"
WATER_BOARD = "00000001008888888000"
# Whom a statement can be about besides the household, whose places are 0 and 1.
STRANGER = 9
# An issuer that the scheme does not know.
UNKNOWN_ISSUER = "https://vreemd.example"


@dataclass(frozen=True)
class Debt:
    """A debt as one organisation states it.

    `identity` is what it really is: debts with equal numbers are one debt, and their references
    prove it. `place` is the organisation's place in the row of who handles that debt, 0 first.
    `due` and `arrears` are None where the organisation doesn't know them.
    """

    identity: int
    creditor: str
    case: str
    reference: str
    balance: int
    due: int | None
    arrears: int | None
    place: int = 0
    category: str = "algemeen"
    original: str | None = None
    collector: str | None = None
    disputed: bool = False
    prescribed: bool = False
    plan: str = ""
    shared_out: bool = False


@dataclass(frozen=True)
class Credential:
    """One statement in one form. Equal `content` is the same statement in another form.

    `off` is what the signed total outstanding is wrong by, `wrong` another breach: "balance" or
    "completeness".
    """

    number: int
    content: int
    organisation: str
    person: int
    day: int
    issued: int
    debts: tuple[Debt, ...]
    form: str = "sd_jwt"
    down: bool = False
    off: int = 0
    wrong: str = ""
    spelling: int = 0

    @property
    def on_paper(self) -> bool:
        return self.form == "document"


@dataclass(frozen=True)
class Showing:
    """A credential that arrives: what of it is disclosed and what its check gives at that time.

    `condition`: good, revoked, suspended, superseded, expired, unknown or untrusted. `at` orders
    the arrivals; `strange`: whom it is about was not entered yet.
    """

    credential: Credential
    shown: frozenset[int]
    condition: str = "good"
    at: int = 0
    strange: bool = False


@dataclass(frozen=True)
class Journey:
    """A case: who is in it, whom the counsellor chose, and all that arrived."""

    seed: int
    chosen: tuple[str, ...]
    persons: int
    named: bool
    showings: tuple[Showing, ...]
    too_many: bool = False
