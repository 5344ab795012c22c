"""What does not add up in a signed statement, and other words that the overview needs often.

Every function takes the translation of its caller; Dutch is the source.
"""

from collections.abc import Callable, Mapping
from typing import Any

from vckit.errors import (
    ClaimsMissingError,
    CryptographicSecurityError,
    ExpiredError,
    HolderBindingError,
    NotRequestedError,
    NotYetValidError,
    ParsingError,
    StatusVerificationError,
    UntrustedIssuerError,
)

Translate = Callable[..., str]


def breach(reason: str, values: Mapping[str, Any], _: Translate) -> str:
    """The sentence for an invariant that does not hold.

    `values`: `name` of the organisation, `amount` as text, `missing` as number, `reference` of the
    debt where it is about one.
    """
    known = _of_statement(_) | _of_totals(_) | _of_debts(_) | _of_times(_)
    general = _("De opgave van %(name)s klopt niet met zichzelf. Vraag %(name)s ernaar.")
    return str(known.get(reason, general) % values)


def identity(reason: str, _: Translate) -> str:
    """The sentence for an identity credential that proves nothing."""
    invalid = _("De identiteitskaart is nu niet geldig. Stel zelf vast wie dit is.")
    broken = _("De identiteitskaart is niet goed ondertekend. Stel zelf vast wie dit is.")
    lacking = _("Op de identiteitskaart staat niet wat gevraagd is. Stel zelf vast wie dit is.")
    known = {
        UntrustedIssuerError.reason: _(
            "De identiteitskaart is niet van een uitgever die wij vertrouwen. "
            "Stel zelf vast wie dit is."
        ),
        CryptographicSecurityError.reason: broken,
        ParsingError.reason: broken,
        HolderBindingError.reason: _(
            "Van de identiteitskaart is niet bewezen wie de houder is. Stel zelf vast wie dit is."
        ),
        ExpiredError.reason: invalid,
        NotYetValidError.reason: invalid,
        StatusVerificationError.reason: _(
            "Wij konden niet nagaan of de identiteitskaart is ingetrokken. "
            "Stel zelf vast wie dit is."
        ),
        ClaimsMissingError.reason: lacking,
        NotRequestedError.reason: lacking,
    }
    malformed = _("De identiteitskaart is niet goed opgebouwd. Stel zelf vast wie dit is.")
    return str(known.get(reason, malformed))


def _of_statement(_: Translate) -> dict[str, str]:
    return {
        "claims_withheld": _(
            "Niet alles van %(name)s is gedeeld. Er ontbreken schulden: %(missing)d, "
            "samen %(amount)s."
        ),
        "completeness": _(
            "De opgave van %(name)s klopt niet: of zij volledig is, past niet bij de stand van "
            "de bronnen."
        ),
        "count": _(
            "De opgave van %(name)s klopt niet: het aantal schulden is anders dan het aantal "
            "controlegetallen."
        ),
        "debt_not_stated": _(
            "De opgave van %(name)s klopt niet: de schuld met kenmerk %(reference)s hoort niet "
            "bij deze opgave."
        ),
        "debt_repeated": _(
            "De opgave van %(name)s klopt niet: de schuld met kenmerk %(reference)s staat er "
            "twee keer in."
        ),
        "balances_differ": _(
            "De opgave van %(name)s klopt niet: de schuld met kenmerk %(reference)s staat er met "
            "twee verschillende saldo's in."
        ),
    }


def _of_totals(_: Translate) -> dict[str, str]:
    sums = {
        "totaal_openstaand": _("totaal openstaand"),
        "totaal_tegoed": _("totaal tegoed"),
        "totaal_opeisbaar": _("totaal nu te betalen"),
        "totaal_achterstand": _("totaal te laat"),
        "totaal_financieel_verplicht": _("totaal opgelegd"),
        "totaal_financieel_vereffend": _("totaal betaald of kwijtgescholden"),
    }
    differs = _(
        "De opgave van %(name)s klopt niet: het %(sum)s is niet de som van de schulden. "
        "De schulden zijn samen %(amount)s."
    )
    sentences = {
        reason: differs.replace("%(sum)s", words.replace("%", "%%"))
        for reason, words in sums.items()
    }
    sentences["totalen_minimaal"] = _(
        "De opgave van %(name)s klopt niet: er staat niet bij dat een bedrag niet bekend is."
    )
    return sentences


def _of_debts(_: Translate) -> dict[str, str]:
    return {
        "balance": _(
            "De opgave van %(name)s klopt niet: bij de schuld met kenmerk %(reference)s is het "
            "saldo niet de som van de delen."
        ),
        "due_exceeds_balance": _(
            "De opgave van %(name)s klopt niet: bij de schuld met kenmerk %(reference)s moet nu "
            "meer betaald worden dan er openstaat."
        ),
        "arrears_exceed_due": _(
            "De opgave van %(name)s klopt niet: bij de schuld met kenmerk %(reference)s is meer "
            "te laat dan er betaald moet worden."
        ),
        "due_under_plan": _(
            "De opgave van %(name)s klopt niet: bij de schuld met kenmerk %(reference)s loopt een "
            "regeling of uitstel, en toch moet nu meer betaald worden dan de termijnen."
        ),
        "due_before_imposed": _(
            "De opgave van %(name)s klopt niet: de schuld met kenmerk %(reference)s moest betaald "
            "zijn voordat zij is opgelegd."
        ),
    }


def _of_times(_: Translate) -> dict[str, str]:
    return {
        "reference_date_after_issue": _(
            "De opgave van %(name)s klopt niet: de peildatum ligt na de dag van afgifte."
        ),
        "issued_in_future": _(
            "De opgave van %(name)s klopt niet: de dag van afgifte ligt in de toekomst."
        ),
    }


def usual_creditors(_: Translate) -> dict[str, str]:
    """The names of `usual.CODES`."""
    return {
        "belastingdienst": _("Belastingdienst"),
        "toeslagen": _("Toeslagen"),
        "cak": _("CAK (eigen bijdrage, wanbetalers zorg)"),
        "cjib": _("CJIB (boetes)"),
        "duo": _("DUO (studieschuld)"),
        "uwv": _("UWV"),
        "svb": _("SVB"),
        "waterschap": _("Waterschap"),
        "zorgverzekeraar": _("Zorgverzekeraar"),
        "energie": _("Energie"),
        "huur": _("Huur of hypotheek"),
        "telecom": _("Telefoon en internet"),
        "bank": _("Bank"),
        "deurwaarder": _("Deurwaarder of incassobureau"),
        "winkelkrediet": _("Winkelkrediet en achteraf betalen"),
        "particulier": _("Familie, vrienden of een ander persoon"),
    }


def urgencies(_: Translate) -> dict[str, str]:
    """What stands before the date of an `attention` reason."""
    return {
        "attachment": _("Beslag of inhouding"),
        "warrant": _("Dwangbevel"),
        "objection": _("Bezwaar kan nog tot"),
        "next_step": _("Volgende stap op"),
        "due": _("Betalen voor"),
    }


def urgency_parts(_: Translate) -> dict[str, str]:
    """The names of debts by their worst `attention` reason; "" is what can wait."""
    return {
        "attachment": _("Beslag of inhouding"),
        "warrant": _("Dwangbevel"),
        "objection": _("Bezwaar kan nog, minder dan 14 dagen"),
        "next_step": _("Volgende stap binnen 14 dagen"),
        "due": _("Betalen binnen 14 dagen"),
        "": _("Kan wachten"),
    }


def states(_: Translate) -> dict[str, str]:
    """The words for the state of an organisation in the strip."""
    return {
        "verified": _("gecontroleerd"),
        "outdated": _("verouderd"),
        "unchecked": _("niet gecontroleerd"),
        "withdrawn": _("ingetrokken"),
        "other_person": _("andere persoon"),
        "untrusted": _("niet vertrouwd"),
        "missing": _("nog niet ontvangen"),
        "declined": _("niet gedeeld"),
    }


def changes(_: Translate) -> dict[str, str]:
    """The sentence for each kind of change, with `name`, `creditor`, `before` and `after`."""
    return {
        "complete": _("Het overzicht is nu compleet."),
        "incomplete": _("Het overzicht is niet meer compleet."),
        "source": _("%(name)s: eerst %(before)s, nu %(after)s."),
        "added": _("Nieuw: %(name)s, %(creditor)s, %(after)s."),
        "gone": _("Niet meer opgegeven: %(name)s, %(creditor)s, was %(before)s."),
        "unseen": _(
            "Nu niet te zien, want de opgave telt niet mee: %(name)s, %(creditor)s, was %(before)s."
        ),
        "balance": _("%(name)s, %(creditor)s: eerst %(before)s, nu %(after)s."),
        "stage": _("%(name)s, %(creditor)s: eerst %(before)s, nu %(after)s."),
        "by_hand": _("Zelf toegevoegd: eerst %(before)s, nu %(after)s."),
    }
