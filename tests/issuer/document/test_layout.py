"""The figures, days and sentences of a document, before they are typeset."""

import tomllib
from string import Formatter

import pytest

from issuer.document import debts, layout
from issuer.document.words import _TEXTS, Words
from tests.documents import TERMS, content, debt, terms_with

NBSP = "\N{NO-BREAK SPACE}"
BAILIFF = {"naam": "Bakker Gerechtsdeurwaarders", "dossiernummer": "2026/77"}


def view(terms=TERMS, **changes):
    return layout.view(content(terms, **changes))


def amounts(terms, **changes):
    return [
        (one["title"], f"{one['prefix']} {one['value']}".strip().replace(NBSP, " "), one["note"])
        for one in view(terms, **changes)["amounts"]
    ]


def row(language="nl", **changes):
    [found] = debts.rows(terms_with(debt(**changes)), Words(language))
    return found


def of(*each, **changes):
    """A statement with the sums of its debts."""
    return terms_with(*each) | {
        "totaal_openstaand": sum(max(one["saldo"], 0) for one in each),
        **changes,
    }


def test_due_now_and_all_together():
    terms = of(debt(saldo=20_000, opeisbaar_bedrag=5_000), debt(saldo=100, opeisbaar_bedrag=100))
    assert amounts(terms) == [
        ("Nu te betalen", "€ 51,00", ""),
        ("Alles samen", "€ 201,00", "2 rekeningen"),
    ]
    assert amounts(terms, language="en") == [
        ("To be paid now", "€ 51.00".replace(".", ","), ""),
        ("All together", "€ 201,00", "2 bills"),
    ]


def test_nothing_due_is_said_in_words():
    terms = of(debt(saldo=20_000, opeisbaar_bedrag=0))
    assert amounts(terms)[0] == ("Nu te betalen", "€ 0,00", "U hoeft nu niets te betalen.")
    assert amounts(terms)[1][2] == "1 rekening"


def test_a_due_amount_that_is_not_known_makes_due_a_minimum_and_not_the_total():
    due, total = amounts(of(debt(saldo=20_000)))
    assert due[1:] == ("ten minste € 0,00", "Van een deel weten wij niet wat u nu moet betalen.")
    assert total[1] == "€ 200,00"


def test_an_incomplete_statement_is_a_minimum_in_both():
    terms = of(debt(saldo=20_000, opeisbaar_bedrag=20_000), volledigheid="gedeeltelijk")
    assert [value for _, value, _ in amounts(terms)] == ["ten minste € 200,00"] * 2
    assert view(terms)["texts"]["completeness"].startswith("Nee, deze opgave is niet volledig.")


def test_credit_stands_apart():
    terms = of(debt(saldo=100, opeisbaar_bedrag=100), debt(saldo=-4_000), totaal_tegoed=4_000)
    assert amounts(terms)[2] == ("U krijgt terug", "€ 40,00", "Dit gaat niet van uw schulden af.")
    assert row(saldo=-4_000)["due"] == "u krijgt dit terug"


def test_a_disputed_debt_is_not_due_and_counted_apart():
    terms = of(debt(saldo=2_500, opeisbaar_bedrag=2_500, markeringen=["betwist"]))
    shown = view(terms)
    assert shown["disputed"].replace(NBSP, " ").startswith("Over € 25,00 bent u het niet eens.")
    assert amounts(terms)[0][1] == "€ 0,00"
    assert shown["debts"][0]["due"] == "telt nu niet mee"
    assert "u bent het er niet mee eens" in shown["debts"][0]["stage"]


def test_no_debts_is_good_news():
    shown = view(terms_with())
    assert shown["lead"]["title"] == "U heeft geen schulden bij Gemeente Boxtel."
    assert shown["amounts"] == []


def test_no_debts_as_far_as_could_be_seen_is_not_called_good_news():
    shown = view(terms_with() | {"volledigheid": "gedeeltelijk"})
    assert shown["lead"]["title"].startswith("Wij vonden geen schulden. Maar")
    assert not shown["complete"]


def test_each_source_is_named_with_its_state_and_day():
    sources = [
        {"code": "belastingen", "status": "ok", "peildatum": "2026-11-22T23:00:00Z"},
        {"code": "leges", "status": "niet_bereikbaar"},
    ]
    shown = view({**TERMS, "bronnen": sources})["sources"]
    assert [(one["name"], one["day"], one["ok"]) for one in shown] == [
        ("Belastingen", "23 november 2026", True),
        ("leges", "niet bekend", False),
    ]
    assert "niet bereikbaar" in shown[1]["state"]


@pytest.mark.parametrize("status", ["ok", "onvolledig", "niet_bereikbaar", "niet_aangesloten"])
def test_every_state_of_a_source_has_a_sentence_in_both_languages(status):
    assert all(Words(language).say(f"source_{status}") for language in ("nl", "en"))


def test_a_day_is_that_of_amsterdam():
    assert view()["texts"]["about_amounts"].startswith(
        "Dit zijn de bedragen die op 23 november 2026 open stonden"
    )
    assert ("Gemaakt op", "24 november 2026, 07:00 uur") in view()["facts"]


def test_who_it_is_about():
    facts = dict(view()["facts"])
    assert (facts["Naam"], facts["Geboren op"]) == ("José d'Hondt", "21 augustus 1974")
    nameless = {name: value for name, value in TERMS.items() if not name.endswith("naam")}
    nameless = {**nameless, "aangeleverd_door": TERMS["aangeleverd_door"]}
    assert dict(view({**nameless, "voornamen": ""})["facts"]).get("Naam") is None


def test_a_due_date_that_is_not_known_is_said_so():
    assert row()["due_date"] == "15 december 2025"
    assert row(vervaldatum=None)["due_date"] == "niet bekend"


def test_what_is_overdue_is_said_in_words():
    late = row(achterstand_bedrag=100, achterstand_sinds="2026-01-16")
    assert late["overdue"] == ("te laat sinds", "16 januari 2026")
    assert row(achterstand_bedrag=100)["overdue"] == ("te laat",)
    assert row(achterstand_bedrag=0)["overdue"] == row()["overdue"] == ()
    assert row(achterstand_bedrag=100, markeringen=["betwist"])["overdue"] == ()


def test_whom_to_call_is_who_handles_it():
    assert row()["call"] == ["Schuldhulp Boxtel", "(0411) 65 59 11"]
    handled = row(in_behandeling_bij=BAILIFF)["call"]
    assert handled == ["Bakker Gerechtsdeurwaarders", "dossier 2026/77"]
    unnumbered = row(in_behandeling_bij={"naam": "Bakker"})
    assert unnumbered["call"] == ["Bakker"]
    assert row(in_behandeling_bij={"soort": "schuldeiser"})["call"][0] == "Schuldhulp Boxtel"


def test_plan_attachment_and_flags_stand_with_the_stage():
    planned = row(fase="betalingsregeling", betalingsregeling={"bedrag_per_termijn": 2_500})
    assert planned["stage"] == ["betalingsregeling", f"€{NBSP}25,00 per keer"]
    attached = row(fase="beslag", markeringen=["beslag"], beslag={"bedrag_per_maand": 8_350})
    assert attached["stage"] == ["beslag", f"ingehouden: €{NBSP}83,50 per maand"]
    assert row(fase=None)["stage"] == []


@pytest.mark.parametrize(
    ("due", "said"),
    [(123_456, ""), (2_500, "nu € 25,00"), (0, "nu niets"), (None, "nu: niet bekend")],
)
def test_what_of_a_balance_is_due_now(due, said):
    terms = {} if due is None else {"opeisbaar_bedrag": due}
    assert row(**terms)["due"].replace(NBSP, " ") == said


def test_what_is_due_stands_above():
    many = [
        debt(vordering_kenmerk="a", saldo=900),
        debt(vordering_kenmerk="b", saldo=100, opeisbaar_bedrag=100),
        debt(vordering_kenmerk="c", saldo=-5),
    ]
    shown = debts.rows(terms_with(*many), Words("nl"))
    assert [one["reference"] for one in shown] == ["kenmerk b", "kenmerk a", "kenmerk c"]


def test_in_english_a_debt_has_its_kind_and_the_words_of_the_letter():
    found = row("en")
    assert (found["what"], found["described"]) == (
        "Waste collection charge",
        "Afvalstoffenheffing 2025",
    )
    assert (row()["what"], row()["described"]) == ("Afvalstoffenheffing 2025", "")
    assert row(omschrijving=None)["what"] == "Afvalstoffenheffing"


def braces(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_sentences_with_the_same_values():
    texts = tomllib.loads(_TEXTS.read_text("utf-8"))
    assert texts["nl"].keys() == texts["en"].keys()
    different = [
        name
        for name, text in texts["nl"].items()
        if braces(text) != braces(texts["en"][name]) or not text
    ]
    assert different == []
