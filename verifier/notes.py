"""What there is to know of one debt besides its amounts, in sentences."""

from collections.abc import Iterator
from datetime import date

from verifier.doubles import Row
from verifier.findings import Debt
from verifier.totals import is_disputed, is_prescribed
from verifier.visible import visible
from verifier.wording import Speech


def notes(row: Row, speech: Speech) -> tuple[str, ...]:
    """Everything that the row of this debt should say; words of others are made visible."""
    return (
        *_doubles(row, speech),
        *_plan(row.debt, speech),
        *_attachment(row.debt, speech),
        *_transfer(row.debt, speech),
        *_ends(row.debt, speech),
    )


def _doubles(row: Row, speech: Speech) -> Iterator[str]:
    _ = speech.translate
    if row.joint:
        yield _("Twee personen staan hiervoor samen. De schuld telt één keer.")
    if row.doubled and not row.counts:
        yield _("Telt mee bij een andere organisatie.")
    for other in row.doubled:
        yield _(
            "Ook opgegeven door %(name)s: %(amount)s.",
            name=other.evidence.source.name,
            amount=speech.euro(other.debt["saldo"]),
        )
        if other.debt["saldo"] != row.debt["saldo"]:
            difference = abs(other.debt["saldo"] - row.debt["saldo"])
            yield _("Verschil: %(amount)s.", amount=speech.euro(difference))
    for other in row.possibly:
        yield _(
            "Mogelijk dubbel met kenmerk %(reference)s van %(name)s. Beide tellen mee.",
            reference=visible(other.debt["vordering_kenmerk"]),
            name=other.evidence.source.name,
        )


def _plan(debt: Debt, speech: Speech) -> Iterator[str]:
    _ = speech.translate
    plan = debt.get("betalingsregeling")
    if plan is None:
        return
    if "vervallen_sinds" in plan or plan.get("nagekomen") is False:
        yield _("De betalingsregeling is vervallen. Alles moet nu betaald worden.")
        if "vervallen_sinds" in plan:
            yield _("Vervallen sinds %(day)s.", day=_day(plan["vervallen_sinds"], speech))
        return
    yield _("Er loopt een betalingsregeling.")
    if "bedrag_per_termijn" in plan:
        yield _("Per termijn %(amount)s.", amount=speech.euro(plan["bedrag_per_termijn"]))
    if "resterend" in plan:
        yield _("Nog te betalen termijnen: %(number)d.", number=plan["resterend"])


def _attachment(debt: Debt, speech: Speech) -> Iterator[str]:
    _ = speech.translate
    attachment = debt.get("beslag", {})
    if "bedrag_per_maand" in attachment:
        amount = speech.euro(attachment["bedrag_per_maand"])
        yield _("Inhouding per maand: %(amount)s.", amount=amount)
    if "sinds" in attachment:
        yield _("Beslag sinds %(day)s.", day=_day(attachment["sinds"], speech))
    if "beslaglegger" in attachment:
        yield _("Beslag gelegd door %(name)s.", name=visible(attachment["beslaglegger"]))
    if "rangorde" in attachment:
        yield _("Plaats in de rij van beslagen: %(number)d.", number=attachment["rangorde"])


def _transfer(debt: Debt, speech: Speech) -> Iterator[str]:
    """Sold is not handed over: who bought it is the creditor (case 5)."""
    _ = speech.translate
    if debt.get("overdracht") == "verkocht":
        yield _("Deze schuld is verkocht. De oude schuldeiser gaat er niet meer over.")
    if debt.get("overdracht") == "incasso_opdracht":
        yield _("Een ander int deze schuld in opdracht. De schuldeiser blijft dezelfde.")


def _ends(debt: Debt, speech: Speech) -> Iterator[str]:
    _ = speech.translate
    codes = {debt.get("fase"), *debt.get("markeringen", ())}
    if is_disputed(debt):
        yield _("De cliënt is het er niet mee eens. Het hoort niet bij wat nu betaald moet worden.")
    if "buiten_invordering" in codes:
        yield _("Deze schuld wordt nu niet geïnd. De schuld blijft wel staan.")
    if is_prescribed(debt) and "verjaringsdatum" in debt:
        yield _("Verjaard op %(day)s.", day=_day(debt["verjaringsdatum"], speech))
    if is_prescribed(debt) and "laatste_stuiting" in debt:
        yield _("Voor het laatst verlengd op %(day)s.", day=_day(debt["laatste_stuiting"], speech))
    if debt.get("kwijtgescholden"):
        yield _("Kwijtgescholden: %(amount)s.", amount=speech.euro(debt["kwijtgescholden"]))
    if debt.get("gecorrigeerd"):
        yield from _correction(debt, speech)


def _correction(debt: Debt, speech: Speech) -> Iterator[str]:
    """The original stays visible (case 15)."""
    _ = speech.translate
    if "hoofdsom" in debt:
        yield _("Oorspronkelijk bedrag: %(amount)s.", amount=speech.euro(debt["hoofdsom"]))
    yield _("Gecorrigeerd met %(amount)s.", amount=speech.euro(debt["gecorrigeerd"]))


def _day(text: str, speech: Speech) -> str:
    return speech.day(date.fromisoformat(text))
