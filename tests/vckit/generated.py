"""Statements as a generator may think of them, each right by its own totals and digests."""

from hypothesis import strategies as st

from tests.vckit.statements import debt
from tests.vckit.w3c import stated

# What the schema lets through: no control characters; and every code point means something.
TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cn", "Cs", "Zl", "Zp")), min_size=1, max_size=20
)
CENTS = st.integers(0, 10**9)
DATES = st.dates().map(lambda day: day.isoformat())
DIGITS = st.text("0123456789", min_size=20, max_size=20)


def _optional(**members):
    return st.fixed_dictionaries({}, optional=members)


OPTIONAL = _optional(
    niet_bekend=st.lists(st.sampled_from(["rente", "achterstand_bedrag"]), unique=True, min_size=1),
    omschrijving=TEXT,
    belastingjaar=st.integers(1900, 2200),
    type=st.sampled_from(["gem_leges", "gem_pw_boete", "gem_vordering"]),
    invorderaar=_optional(oin=DIGITS, naam=TEXT).filter(bool),
    in_behandeling_bij=_optional(
        soort=st.just("deurwaarder"), naam=TEXT, dossiernummer=TEXT
    ).filter(bool),
    periode=TEXT,
    markeringen=st.lists(st.sampled_from(["betwist", "uitstel"]), unique=True, min_size=1),
    zakelijk=st.booleans(),
    beslag=_optional(soort=TEXT, bedrag_per_maand=CENTS, rangorde=st.integers(0, 9)).filter(bool),
    rechtsmiddel=_optional(soort=TEXT, status=TEXT, termijn_einddatum=DATES).filter(bool),
)


@st.composite
def debts(draw, number):
    """A debt whose parts add up."""
    principal, paid = draw(CENTS), draw(CENTS)
    balance = principal - paid
    amounts = {
        "hoofdsom": principal,
        "betaald": paid,
        "saldo": balance,
        "kosten_aanmaning": None,
        "kosten_dwangbevel": None,
        "opeisbaar_bedrag": None,
        "achterstand_bedrag": None,
    }
    return debt(number, **amounts, **draw(OPTIONAL))


@st.composite
def statements(draw, most=4):
    """Terms of a statement about no BSN."""
    found = [draw(debts(number)) for number in range(draw(st.integers(0, most)))]
    person = draw(_optional(geslachtsnaam=TEXT, voornamen=TEXT))
    return stated(*found, **person)
