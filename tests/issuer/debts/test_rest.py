"""Systems that are asked by http: every page or nothing, and a secret that stays with its owner."""

from datetime import date

import pytest

from issuer.debts.imports import (
    FewerDebtsError,
    FileRefusedError,
    ImportRefusedError,
    SourceUnreachableError,
    check_file,
    import_file,
)
from issuer.debts.origin import Origin
from tests.issuer.debts.exports import ANNE, BRAM, NOW, REFERENCE, Source
from tests.issuer.debts.networks import ADDRESS, Administration
from vckit.errors import ConfigurationError

DIALECT = """
[file]
kind = "rest"
ignored_columns = ["id", "debtor.name", "notes"]

[rest]
items = "results"
next = "links.next"

[columns]
bsn = "debtor.bsn"
case_number = "number"
debt_number = "number"
imposed_on = "dates.imposed"
due_on = "dates.due"
principal = "amounts.principal"
paid = "amounts.paid"
balance = "amounts.balance"

[flags.betwist]
column = "disputed"
yes = ["true"]
no = ["false", ""]

[amounts]
decimal = "."

[balance]
rule = "checked"

[dates]
notation = "yyyy-mm-dd"

[kinds]
fixed = "hond"

[kinds.words.hond]
type = "gem_hondenbelasting"
rank = "concurrent"
rank_basis = "Gemeentewet, artikel 249"

[stages]
fixed = "opgelegd"
"""
BY_PAGE = ('next = "links.next"', 'page_parameter = "page"\nsize_parameter = "size"\nsize = 2')
COUNTED = ("[columns]", 'total = "count"\n\n[columns]')


def item(number, bsn=ANNE, **members):
    return {
        "id": 7,
        "debtor": {"bsn": bsn, "name": "A. de Vries"},
        "number": str(number),
        "dates": {"imposed": "2026-02-01", "due": "2026-03-15"},
        "amounts": {"principal": 100.0, "paid": 25.5, "balance": 74.5},
        "disputed": False,
        "notes": ["a", {"b": 1}],
    } | members


@pytest.fixture
def rest(tmp_path):
    def make(*replacements):
        text = DIALECT
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "rest.toml"
        path.write_text(text, encoding="utf-8")
        return Source("honden", "Honden", path)

    return make


def origin(administration, secret="", address=ADDRESS):
    return Origin(address=address, fetcher=administration, secret=lambda: secret)


def looked(source, administration, **options):
    return check_file(source, origin(administration, **options), REFERENCE, NOW)


def account(register, source, bsn=ANNE):
    return register.account_of(bsn, [source])


@pytest.mark.parametrize("way", [(), (BY_PAGE,), (COUNTED,), (BY_PAGE, COUNTED)])
def test_all_pages_are_one_delivery(rest, register, way):
    source, administration = rest(*way), Administration([item(n) for n in range(5)])
    report = import_file(register, source, origin(administration), REFERENCE, NOW)
    assert (report.good, report.refused) == (5, ())
    assert [debt.balance_cents for debt in account(register, source).debts] == [7450] * 5


def test_offsets_count_items(rest):
    source = rest(('next = "links.next"', 'offset_parameter = "from"'))
    administration = Administration()
    looked(source, administration)
    assert administration.asked[0][0] == f"{ADDRESS}?from=0"


def test_a_page_that_fails_leaves_what_the_source_delivered_before(rest, register):
    source, administration = rest(), Administration([item(n) for n in range(6)])
    import_file(register, source, origin(administration), REFERENCE, NOW)
    administration.items = [item(n, BRAM) for n in range(6)]
    administration.broken = (3,)
    with pytest.raises(SourceUnreachableError, match="does not answer"):
        import_file(register, source, origin(administration), REFERENCE, NOW)
    assert len(account(register, source).debts) == 6
    assert account(register, source, BRAM).debts == ()


def test_the_same_answers_again_change_nothing(rest, register):
    source, administration = rest(), Administration([item(n) for n in range(3)])
    import_file(register, source, origin(administration), REFERENCE, NOW)
    register.mark_unreachable("honden")
    report = import_file(register, source, origin(administration), REFERENCE, NOW + 60)
    assert report.unchanged
    assert account(register, source).sources[0].status == "ok"


@pytest.mark.parametrize("total", [4, 6])
def test_a_total_that_is_not_reached_refuses_all(rest, total):
    administration = Administration([item(n) for n in range(5)], total=total)
    with pytest.raises(FileRefusedError, match=f"counts {total} items and gives 5"):
        looked(rest(COUNTED), administration)


def test_no_debts_at_all_needs_a_confirmation(rest, register):
    with pytest.raises(FewerDebtsError):
        import_file(register, rest(), origin(Administration()), REFERENCE, NOW)


def test_the_day_that_the_source_states_is_the_reference_date(rest, register):
    source = rest(("[columns]", 'reference_date = "per"\n\n[columns]'))
    administration = Administration([item(1)], day="2026-11-18T23:30:00Z")
    import_file(register, source, origin(administration), None, NOW)
    assert account(register, source).sources[0].reference_date == date(2026, 11, 19)
    with pytest.raises(ImportRefusedError, match="another reference date"):
        import_file(register, source, origin(administration), REFERENCE, NOW)
    administration.day = "2026-11-23"
    with pytest.raises(ImportRefusedError, match="future"):
        import_file(register, source, origin(administration), None, NOW)
    administration.day = "gisteren"
    with pytest.raises(FileRefusedError, match="no date"):
        import_file(register, source, origin(administration), None, NOW)


def test_without_a_stated_day_it_is_today(rest, register):
    import_file(register, rest(), origin(Administration([item(1)])), None, NOW)
    assert account(register, rest()).sources[0].reference_date == date(2026, 11, 21)


def test_the_secret_goes_in_a_header_and_to_nobody_else(rest):
    administration = Administration([item(n) for n in range(3)])
    looked(rest(), administration, secret="geheim")
    assert [headers for _, headers in administration.asked] == [
        {"Authorization": "Bearer geheim"}
    ] * 2
    elsewhere = b'{"results": [], "links": {"next": "https://elders.example/"}}'
    administration = Administration(bodies={1: elsewhere})
    with pytest.raises(FileRefusedError, match="somewhere else"):
        looked(rest(), administration, secret="geheim")
    assert len(administration.asked) == 1


def test_another_header_can_be_declared(rest):
    administration = Administration([item(1)])
    declared = 'secret_header = "X-Api-Key"\nsecret_prefix = ""\n\n[columns]'
    looked(rest(("[columns]", declared)), administration, secret="geheim")
    assert administration.asked[0][1] == {"X-Api-Key": "geheim"}


def test_pages_that_lead_back_are_refused(rest):
    back = f'{{"results": [], "links": {{"next": "{ADDRESS}"}}}}'.encode()
    with pytest.raises(FileRefusedError, match="no end"):
        looked(rest(), Administration(bodies={1: back}))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<html>", "no JSON"),
        (b'{"results": {}}', "no list"),
        (b'{"results": [1]}', "no object"),
        (b'{"results": [{"bsn": "1"}]}', "neither used nor ignored"),
        (b'{"results": [{"debtor.bsn": "1", "debtor": {"bsn": "2"}}]}', "neither used nor"),
    ],
)
def test_an_answer_of_another_shape_is_refused(rest, body, message):
    with pytest.raises(FileRefusedError, match=message):
        looked(rest(), Administration(bodies={1: body}))


def test_a_member_that_is_absent_or_a_list_refuses_its_row_only(rest):
    without = item(2)
    del without["debtor"]["bsn"]
    items = [item(1), without, item(3, amounts={"principal": [], "paid": 0, "balance": 0})]
    report = looked(rest(), Administration(items)).report
    assert report.good == 1
    assert [(row.line, row.code) for row in report.refused] == [
        (2, "bsn_missing"),
        (3, "amount_notation"),
    ]


def test_yes_and_no_of_json_are_words(rest):
    check = looked(rest(), Administration([item(1, disputed=True), item(2, disputed=None)]))
    assert [debt.flags for _, debt in check.first] == [("betwist",), ()]


@pytest.mark.parametrize("cents", [12.345, 1e300])
def test_N01_a_number_that_is_no_amount_refuses_its_row(rest, cents):
    amounts = {"principal": cents, "paid": 0, "balance": cents}
    assert looked(rest(), Administration([item(1, amounts=amounts)])).report.good == 0


def test_without_an_address_or_a_network_it_is_our_own_fault(rest):
    with pytest.raises(ConfigurationError, match="address"):
        check_file(rest(), Origin(fetcher=Administration()), REFERENCE, NOW)
    with pytest.raises(ConfigurationError, match="http"):
        check_file(rest(), Origin(address=ADDRESS), REFERENCE, NOW)
