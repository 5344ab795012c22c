"""A stated balance is taken as such, and held against its parts where all are told."""

import pytest

from issuer.debts.balance import AmountRefusedError, BalanceReader
from issuer.debts.dialect import load_dialect
from issuer.debts.sections import PARTS

COLUMNS = "\n".join(f'{part} = "{part}"' for part in PARTS if part not in {"principal", "paid"})


@pytest.fixture
def reader(source):
    def make(*replacements):
        stated = ('rule = "checked"', 'rule = "stated"')
        return BalanceReader(load_dialect(source(stated, *replacements).dialect), {})

    return make


def test_with_all_parts_told_a_stated_balance_must_follow_from_them(reader):
    row = {**dict.fromkeys(PARTS, 0), "principal": 100, "warrant_costs": 20, "paid": 30}
    complete = reader(('balance = "saldo"', f'balance = "saldo"\n{COLUMNS}'))
    content = complete.read({**row, "balance": 90, "debt_number": "1"})
    assert (content["balance_cents"], content["unknown_parts"]) == (90, [])
    with pytest.raises(AmountRefusedError) as caught:
        complete.read({**row, "balance": 91, "debt_number": "1"})
    assert (caught.value.code, caught.value.field) == ("balance", "balance")


def test_with_unknown_parts_a_stated_balance_is_taken_and_they_are_named(reader):
    content = reader().read({"principal": 100, "paid": 30, "balance": 91, "debt_number": "1"})
    assert content["balance_cents"] == 91
    assert "interest" in content["unknown_parts"]
