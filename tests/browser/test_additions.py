"""A counsellor's own additions in a real browser: two persons, debts by hand, what changed."""

import pytest

from tests.browser.test_journey import open_case, upload

pytestmark = pytest.mark.browser


def send(counsellor, action):
    counsellor.press(f'form[action$="{action}"] button[type=submit]')


def add_debt(counsellor, case):
    counsellor.go(f"{case}/zelf")
    counsellor.look("counsellor-add-debt")
    counsellor.page.select_option("[name=usual]", "energie")
    counsellor.page.fill("[name=creditor]", "Energiebedrijf Zuid")
    counsellor.page.fill("[name=amount]", "1.234,50")
    send(counsellor, "/zelf")
    counsellor.look("counsellor-added-debt")


def tick(counsellor, case):
    counsellor.go(f"{case}/schuldeisers")
    counsellor.look("counsellor-creditors")
    counsellor.page.check("input[value=cjib]")
    send(counsellor, "/schuldeisers")


def enter_second(counsellor, case, person):
    counsellor.go(f"{case}/tweede-persoon")
    counsellor.page.fill("[name=family_name]", person.family_name)
    counsellor.page.fill("[name=given_name]", person.given_name)
    counsellor.page.fill("[name=birthdate]", person.birthdate)
    counsellor.look("counsellor-second-person")
    send(counsellor, "/tweede-persoon")
    counsellor.look("counsellor-case-of-two")


def test_two_persons_debts_by_hand_and_what_changed(world, visitor, tmp_path):
    from holder_demo.demo.visits import ResidentVisit

    counsellor = visitor()
    first, second = world.residents[0], world.residents[1]
    case = open_case(counsellor, world, first)
    counsellor.go(f"{case}/overzicht")
    send(counsellor, "/bewaar")
    add_debt(counsellor, case)
    tick(counsellor, case)
    enter_second(counsellor, case, second)
    for person in (first, second):
        pdf = tmp_path / "opgave.pdf"
        pdf.write_bytes(ResidentVisit(world.url("boxtel"), person).document())
        upload(counsellor, case, pdf)
    for part in counsellor.page.locator("details").all():
        part.evaluate("part => part.open = true")
    counsellor.look("overview-of-two")
    main = counsellor.page.inner_text("main")
    for words in ("Overzicht van twee personen samen", "Wat is er veranderd?", "1.234,50"):
        assert words in main
    assert second.given_name not in main
    counsellor.go(f"{case}/overzicht?persoon=2")
    counsellor.look("overview-of-the-second")
    assert second.family_name in counsellor.page.inner_text("h1")
