"""A debt statement in the rich form, and statements that differ from it."""

from vckit import statement

OIN = "00000001001234567000"
ISSUED = 1_795_516_200  # 2026-11-24T10:30:00Z
SALT = "AAAAAAAAAAAAAAAAAAAAAA"


def debt(number=1, **changes):
    """A debt of which principal, costs and payment are known; `None` leaves a term out."""
    terms = {
        "zout": f"{number:022d}",
        "zaakkenmerk": f"Z{number}",
        "vordering_kenmerk": f"V{number}",
        "type": "gem_rioolheffing",
        "categorie": "algemeen",
        "omschrijving": "Rioolheffing 2025",
        "juridische_grondslag_omschrijving": "Gemeentewet artikel 228a",
        "schuldeiser": {"oin": OIN, "naam": "Gemeente Boxtel"},
        "datum_opgelegd": "2026-01-31",
        "vervaldatum": "2026-03-15",
        "hoofdsom": 40_000,
        "kosten_aanmaning": 900,
        "kosten_dwangbevel": 7_000,
        "betaald": 5_000,
        "saldo": 42_900,
        "opeisbaar_bedrag": 42_900,
        "achterstand_bedrag": 42_900,
        "fase": "dwangbevel",
        "rang": "concurrent",
        "iban": "NL02ABNA0123456789",
        **changes,
    }
    return {name: value for name, value in terms.items() if value is not None}


def terms(*debts, **changes):
    """A statement of `debts` with the right totals and digests, then changed."""
    stated = {
        "opgave_kenmerk": "urn:uuid:8a3e0b4e-1111-4222-8333-123456789abc",
        "aangeleverd_door": {"naam": "Gemeente Boxtel", "oin": OIN},
        "gemeentecode": "GM0757",
        "peildatum": "2026-11-20T23:00:00Z",
        "volledigheid": "volledig" if debts else "geen_vorderingen",
        "bronnen": [{"code": "belastingen", "peildatum": "2026-11-20T23:00:00Z", "status": "ok"}],
        **statement.totals(debts),
        "vordering_digests": [statement.debt_digest(one) for one in debts],
        "vernieuwing_uri": "https://boxtel.example/status/2",
        "vernieuwing_index": 7,
        "contact_schuldhulp": {"naam": "Team schuldhulp", "telefoon": "0411 655 990"},
        "geslachtsnaam": "d'Hondt",
        "voornamen": "José",
        "geboortedatum": "1974-08-21",
        "bsn": "999291415",
        "vorderingen": list(debts),
        **changes,
    }
    return {name: value for name, value in stated.items() if value is not None}
