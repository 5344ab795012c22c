"""The codes that a dialect may map to (domain.md "Claim"); what people read is in `contexts`."""

from typing import Final

GENERAL_TYPE: Final = "gem_vordering"
TYPES: Final = (
    "gem_ozb_eigenaar",
    "gem_ozb_gebruiker",
    "gem_afvalstoffenheffing",
    "gem_rioolheffing",
    "gem_hondenbelasting",
    "gem_parkeerbelasting_naheffing",
    "gem_leges",
    "gem_pw_terugvordering",
    "gem_pw_boete",
    "gem_leenbijstand",
    "gem_bbz",
    "gem_verhaal",
    "gem_wmo_jeugd_terugvordering",
    "gem_bestuurlijke_boete_apv",
    "gem_erfpacht",
    "gem_huur",
    "gem_factuur",
    "gem_kredietbank_lening",
    GENERAL_TYPE,
)
# Kinds that tell by themselves that somebody is held to have broken the duty to inform.
TELLING_TYPES: Final = frozenset({"gem_pw_boete"})
CATEGORIES: Final = ("algemeen", "administratiekosten", "verhoging", "rente")
PLAN_STAGE: Final = "betalingsregeling"
DEFERRED_STAGE: Final = "uitstel"
PRESCRIBED: Final = "verjaard"
WITHDRAWN: Final = "ingetrokken"
REMITTED: Final = "kwijtgescholden"
PAID: Final = "voldaan"
TRANSFERRED_STAGE: Final = "overgedragen"
SOLD: Final = "verkocht"
STAGES: Final = (
    "opgelegd",
    "betaaltermijn_loopt",
    "herinnerd",
    "aangemaand",
    "dwangbevel",
    "hernieuwd_bevel",
    "vordering_derde",
    "beslag",
    "verrekening",
    PLAN_STAGE,
    DEFERRED_STAGE,
    REMITTED,
    TRANSFERRED_STAGE,
    "buiten_invordering",
    PRESCRIBED,
    WITHDRAWN,
    PAID,
)
FLAGS: Final = (
    "betwist",
    "uitstel",
    "kwijtschelding_aangevraagd",
    "opgeschort_schuldhulp",
    "beslag",
    "verrekening",
    "buiten_invordering",
    "verjaard",
)
RANKS: Final = ("hoog_preferent", "preferent", "concurrent", "achtergesteld", "zekerheid")
HANDLERS: Final = ("schuldeiser", "belastingsamenwerking", "deurwaarder", "incassobureau")
TRANSFERS: Final = ("geen", "incasso_opdracht", SOLD)
LIABILITIES: Final = ("alleen", "hoofdelijk", "naar_deel", "borg", "erfgenaam")
# What a payment pays first; the rules are in `issuer.debts.allocation`.
ALLOCATIONS: Final = ("awb_4_92", "iw_7", "bw_6_44")
