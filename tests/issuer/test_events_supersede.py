"""Events delivered again, later, corrected or withdrawn: what it does to a statement given out."""

import json

import pytest

from tests.issuer.town import ANNA

DIALECT = """
[file]
kind = "fcid"

[kinds.words.riool]
type = "gem_rioolheffing"
rank = "concurrent"
rank_basis = "Gemeentewet, artikel 249"
allocation = "iw_7"
"""


def event(kind, number, day, **members):
    return {
        "gebeurtenis_type": kind,
        "gebeurtenis_kenmerk": number,
        "datumtijd_gebeurtenis": f"2026-{day}T12:00:00+01:00",
        **members,
    }


IMPOSED = event("FinancieleVerplichtingOpgelegd", "E-1", "02-01", type="riool", bedrag=40_000)
PAID = event("BetalingVerwerkt", "E-2", "03-01", bedrag=5_000)
LESS = event(
    "FinancieleVerplichtingGecorrigeerd",
    "E-3",
    "04-01",
    bedrag=-10_000,
    gecorrigeerde_gebeurtenis_kenmerk="E-1",
)
NO_PAYMENT = event("GebeurtenisIngetrokken", "E-4", "05-01", ingetrokken_gebeurtenis_kenmerk="E-2")
NO_DEBT = event("GebeurtenisIngetrokken", "E-5", "05-01", ingetrokken_gebeurtenis_kenmerk="E-1")


@pytest.fixture
def deliver(town):
    (town.folder / "heffingen.toml").write_text(DIALECT, "utf-8")

    def run(*events):
        body = {
            "document_datumtijd": "2026-11-10T09:00:00+01:00",
            "bsn": ANNA.bsn,
            "financiele_zaken": [{"zaakkenmerk": "Z-1", "gebeurtenissen": events}],
        }
        kind = "FINANCIAL_CLAIMS_INFORMATION_DOCUMENT"
        path = town.folder / "heffingen.json"
        path.write_text(json.dumps({"type": kind, "version": "4", "body": body}), "utf-8")
        report = town.deliver_file(path)
        assert (report.good, report.refused) == (1, ())

    run(IMPOSED, PAID)
    return run


@pytest.fixture
def receive(wallet, offer, deliver):
    assert deliver

    def run():
        return wallet.receive(offer().offer.pre_authorized_code)

    return run


def test_the_same_events_in_another_order_and_again_make_nothing_old(deliver, receive, wallet):
    text = receive()
    assert wallet.verify(text).claims["totaal_openstaand"] == 35_000
    deliver(PAID, IMPOSED, PAID)
    assert wallet.status(text, "refresh") == 0


@pytest.mark.parametrize(
    ("later", "outstanding"),
    [(LESS, 25_000), (NO_PAYMENT, 40_000), (NO_DEBT, 0)],
    ids=["corrected", "payment withdrawn", "debt withdrawn"],
)
def test_case_15_a_correction_or_withdrawal_marks_the_old_one_and_the_new_one_tells_it(
    later, outstanding, deliver, receive, wallet
):
    text = receive()
    deliver(later, IMPOSED, PAID)
    assert (wallet.status(text, "refresh"), wallet.status(text, "revocation")) == (1, 0)
    fresh = receive()
    claims = wallet.verify(fresh).claims
    assert claims["totaal_openstaand"] == outstanding
    assert claims["vorderingen"][0]["hoofdsom"] == 40_000
    assert wallet.status(fresh, "refresh") == 0
