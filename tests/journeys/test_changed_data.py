"""Other exports than the sample's: what the overview shows follows them."""

import pytest

from holder_demo.demo import journey
from tests.journeys.actors import BOXTEL, OTHER, euro
from tests.journeys.conftest import CHANGED

pytestmark = pytest.mark.services

FIRST = 0
ADDED = 1_000


def test_one_changed_amount_is_followed_by_wallet_and_by_document(changing, expected):
    """The walk of the demo, in a world whose exports have one amount that is 10 euro more."""
    changing.deliver(CHANGED)
    world, truth = changing.scene.world, expected["residents"][FIRST]
    said = []
    seen = journey.walk(world, world.residents[FIRST], said.append)
    stated = truth["per_organisation"]
    assert [one["outstanding"] for one in seen["organisations"]] == [
        stated[BOXTEL]["outstanding"] + ADDED,
        stated[OTHER]["outstanding"],
    ]
    assert seen["totals"]["outstanding"] == truth["outstanding"] + ADDED
    assert [one["claims"] for one in seen["organisations"]] == [5, 3]
    assert seen["complete"] is True
    assert sum(euro(truth["outstanding"] + ADDED) in line for line in said) == 2
    assert "Beide overzichten zijn gelijk." in said


def test_the_residents_own_page_follows_too_and_another_resident_sees_no_change(changing, expected):
    changing.deliver(CHANGED)
    for number, added in ((FIRST, ADDED), (2, 0)):
        visit = changing.scene.visit(BOXTEL, changing.scene.world.residents[number])
        page = " ".join(visit.log_in().body.decode().split())
        stated = expected["residents"][number]["per_organisation"][BOXTEL]["outstanding"]
        assert euro(stated + added) in page
