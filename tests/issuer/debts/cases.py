"""Short words for events, all of one case."""

from datetime import UTC, date, datetime

from issuer.debts import events as e

CASE = "B-1"
IW = {"heffing": "iw_7"}
AWB = {"heffing": "awb_4_92"}
BW = {"heffing": "bw_6_44"}


def at(day):
    """Noon of a day of 2026, as the number of the day in the year."""
    return datetime.fromordinal(date(2025, 12, 31).toordinal() + day).replace(hour=12, tzinfo=UTC)


def imposed(name, cents, number="1", *, day=1, part="principal", kind="heffing", **more):
    return e.ObligationImposed(
        id=name,
        at=at(day),
        case_number=CASE,
        debt_number=number,
        kind=kind,
        cents=cents,
        part=part,
        **more,
    )


def event(made, name, day=50, number=None, /, **more):
    return made(id=name, at=at(day), case_number=CASE, debt_number=number, **more)


def paid(name, cents, day=50, number=None):
    return event(e.PaymentProcessed, name, day, number, cents=cents)


def remitted(name, cents, day=60, number=None):
    return event(e.ObligationRemitted, name, day, number, cents=cents)


def refunded(name, cents, day=70, number=None):
    return event(e.AmountRefunded, name, day, number, cents=cents)


def set_off(name, cents, day=50, number=None):
    return event(e.SetOffProcessed, name, day, number, cents=cents)


def corrected(name, corrects, cents, day=40):
    return event(e.ObligationCorrected, name, day, corrects=corrects, cents=cents)


def withdrawn(name, withdraws, day=80):
    return event(e.EventWithdrawn, name, day, withdraws=withdraws)


def demanded(name, stage="aanschrijving", day=2, due_on=None, number=None, **more):
    more = {"cents": 1, **more}
    return event(e.PaymentDemanded, name, day, number, stage=stage, due_on=due_on, **more)
