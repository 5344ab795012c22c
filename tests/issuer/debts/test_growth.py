"""What an import costs: in proportion to its rows, in little memory, and told while it runs."""

import pytest

from bench import debt_import

pytestmark = pytest.mark.services  # Alone on the machine, as what is measured should be.


def test_ten_times_the_rows_cost_at_most_twelve_times_as_much():
    small, large = (debt_import.measure(rows)[0] for rows in (2_000, 20_000))
    assert large.processor <= 12 * small.processor
    assert large.told == 40


def test_two_hundred_thousand_rows_take_less_than_200_mib():
    """How long they take stands in the bench: a busy machine says nothing about that."""
    for cost in debt_import.measure(200_000):
        assert cost.memory < 200
        assert cost.told >= 400
