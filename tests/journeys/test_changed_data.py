"""Other exports than the sample's: what the overview shows follows them."""

import pytest

from tests.journeys.actors import BOXTEL, OTHER, euro
from tests.journeys.conftest import CHANGED

pytestmark = pytest.mark.services

FIRST = 0
ADDED = 1_000


def test_one_changed_amount_is_followed_to_the_cent(changing, expected):
    changing.deliver(CHANGED)
    resident, truth = changing.scene.resident(FIRST), expected["residents"][FIRST]
    resident.receive(BOXTEL, OTHER)
    case = changing.scene.case(resident.person)
    resident.answer(case.link)
    seen, stated = case.result(), truth["per_organisation"]
    assert [one["outstanding"] for one in seen["organisations"]] == [
        stated[BOXTEL]["outstanding"] + ADDED,
        stated[OTHER]["outstanding"],
    ]
    assert [one["claims"] for one in seen["organisations"]] == [5, 3]
    assert seen["totals"]["outstanding"] == truth["outstanding"] + ADDED
    assert seen["complete"] is True


def test_the_residents_own_page_follows_too_and_another_resident_sees_no_change(changing, expected):
    changing.deliver(CHANGED)
    for number, added in ((FIRST, ADDED), (2, 0)):
        visit = changing.scene.visit(BOXTEL, changing.scene.world.residents[number])
        page = " ".join(visit.log_in().body.decode().split())
        stated = expected["residents"][number]["per_organisation"][BOXTEL]["outstanding"]
        assert euro(stated + added) in page
