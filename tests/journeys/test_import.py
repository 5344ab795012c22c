"""Deliveries by the command of the desk, and what residents and counsellors then see."""

import re
from datetime import timedelta

import pytest

from holder_demo.demo.processes import ServiceError
from holder_demo.demo.world import yesterday
from issuer import cli as issuer_cli
from tests.journeys.actors import BOXTEL, NAMES, OTHER, command, now, text_of
from tests.journeys.conftest import TAXES, taxes

pytestmark = pytest.mark.services

PARTIAL, WITHOUT_DEBTS = 1, 5


def test_the_report_of_the_sample_equals_what_is_expected(changing, expected):
    report, truth = changing.deliver(days=1), expected["import"][TAXES]
    assert (report["good"], report["repeated"]) == (truth["good_rows"], truth["repeated_rows"])
    told = {row["reason"]: row["line"] for row in report["refused"]}
    assert told == truth["refused_lines"]
    assert len(report["refused"]) == 5
    assert report["unchanged"] is False
    assert report["reference_date"] == changing.reference.isoformat()


def test_the_report_in_words_names_every_line_and_reason(changing, expected):
    changing.deliver()
    first, *lines = changing.scene.world.issuer(BOXTEL, *changing.arguments).splitlines()
    assert "92 goed, 1 dubbel, 5 geweigerd" in first
    assert "ongewijzigd" in first
    told = [int(line.split()[1].rstrip(":")) for line in lines]
    assert told == sorted(expected["import"][TAXES]["refused_lines"].values())
    assert not re.search(r"[0-9]{9}|Nowak", "".join(lines))


def test_the_other_three_files_are_complete(world):
    known = {
        source["code"]: source["status"]
        for slug in (BOXTEL, OTHER)
        for source in world.issuer_json(slug, "status")["sources"]
    }
    assert known == dict.fromkeys(
        ("belastingen", "sociaal-domein", "parkeren", "vorderingen"), "ok"
    )


def test_a_second_import_of_the_same_file_changes_nothing(changing):
    first = changing.deliver()
    resident = changing.scene.resident(0)
    [card] = resident.receive(BOXTEL)
    second = changing.deliver()
    assert second == {**first, "unchanged": True}
    [again] = resident.receive(BOXTEL)
    assert said(again) == said(card)
    assert set(resident.wallet.statuses(now()).values()) == {"valid"}


def said(card):
    """What a statement says, but for what every statement has of its own."""
    debts = [{**debt, "zout": ""} for debt in card.debts]
    own = ("opgave_kenmerk", "vordering_digests", "vernieuwing_index", "vorderingen")
    return debts, {name: term for name, term in card.claims.items() if name not in own}


def test_the_resident_of_the_refused_rows_is_told_so_everywhere(changing):
    changing.deliver()
    resident = changing.scene.resident(PARTIAL)
    [card] = resident.receive(BOXTEL)
    assert card.claims["volledigheid"] == "gedeeltelijk"
    assert {one["code"]: one["status"] for one in card.claims["bronnen"]} == {
        "belastingen": "onvolledig",
        "sociaal-domein": "ok",
    }
    visit = changing.scene.visit(BOXTEL, resident.person)
    page = text_of(visit.log_in().body.decode())
    assert "Misschien ontbreekt er iets" in page
    case = changing.scene.case(resident.person, "--organisation", "Gemeente Boxtel")
    resident.answer(case.link)
    assert case.result()["complete"] is False
    assert "Gemeente Boxtel kon niet alles opzoeken" in case.overview()


def test_a_source_that_is_down_is_no_source_without_debts(changing):
    """Somebody without any debt gets no clean statement until every source delivers again."""
    changing.deliver(days=1)
    resident = changing.scene.resident(WITHOUT_DEBTS)
    command(issuer_cli.main, changing.config, "unreachable", "belastingen")
    [card] = resident.receive(BOXTEL)
    assert card.claims["volledigheid"] == "gedeeltelijk"
    assert card.claims["bronnen"][0]["status"] == "niet_bereikbaar"
    visit = changing.scene.visit(BOXTEL, resident.person)
    page = text_of(visit.log_in().body.decode())
    assert "Deze administratie antwoordt nu niet: Belastingen." in page
    case = changing.scene.case(resident.person, "--organisation", NAMES[BOXTEL])
    resident.answer(case.link)
    assert case.result()["complete"] is False
    assert "Gemeente Boxtel kon niet alles opzoeken" in case.overview()
    changing.deliver()
    [again] = resident.receive(BOXTEL)
    assert again.claims["volledigheid"] == "geen_vorderingen"
    resident.answer(case.ask_again(), again)
    assert case.result()["complete"] is True


# Each with a word that the operator reads about it.
BROKEN = {
    "a renamed column": (taxes(("Subjectnr;BSN;", "Subjectnr;Burgernr;")), "BSN"),
    "a missing header": (taxes().split(b"\r\n", 1)[1], "header"),
    "another delimiter": (taxes().replace(b";", b"|"), "header"),
    "another encoding": (taxes().decode("cp1252").encode("utf-16"), "windows-1252"),
    "a byte that is no letter": (taxes().replace(b"d'Hondt", b"d\x81Hondt", 1), "windows-1252"),
    "an empty file": (b"", "header"),
    "no export at all": (b"%PDF-1.7\n" + bytes(range(256)), "windows-1252"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_refused_whole_and_changes_nothing(changing, what, capsys):
    changing.deliver()
    resident, before = changing.scene.resident(0), changing.status()
    [card] = resident.receive(BOXTEL)
    changing.file.write_bytes(BROKEN[what][0])
    assert issuer_cli.main(["--config", str(changing.config), *changing.arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(r"refused: the [^\n]+\n", printed.err)
    assert BROKEN[what][1] in printed.err
    assert changing.status() == before
    [again] = resident.receive(BOXTEL)
    assert said(again) == said(card)
    assert set(resident.wallet.statuses(now()).values()) == {"valid"}


def test_an_older_delivery_is_refused_and_a_newer_one_is_taken(changing):
    changing.deliver()
    older = (changing.reference - timedelta(days=1)).isoformat()
    arguments = [*changing.arguments[:-1], older]
    with pytest.raises(ServiceError, match=r"ended with 1:\nrefused: .* later reference date"):
        changing.scene.world.issuer(BOXTEL, *arguments)
    assert changing.deliver(days=1)["unchanged"] is False


def test_a_delivery_of_tomorrow_is_refused(changing, capsys):
    changing.deliver()
    tomorrow = (yesterday() + timedelta(days=2)).isoformat()
    arguments = [*changing.arguments[:-1], tomorrow]
    assert issuer_cli.main(["--config", str(changing.config), *arguments]) == 1
    assert "future" in capsys.readouterr().err
