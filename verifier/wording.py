"""What a counsellor reads, and can read out, for every state and reason.

Dutch at language level B1 is the source; a page translates it, the commands speak Dutch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from contexts import vocabulary
from vckit.errors import (
    ClaimsMissingError,
    CryptographicSecurityError,
    DataLossDetectionError,
    ExpiredError,
    HolderBindingError,
    InvalidControlledIdentifierDocumentError,
    InvalidControlledIdentifierDocumentIdError,
    InvalidRelationshipError,
    InvalidVerificationMethodError,
    InvalidVerificationMethodUrlError,
    MalformedValueError,
    NotRequestedError,
    NotYetValidError,
    ParsingError,
    PolicyLimitError,
    ProofTransformationError,
    ProofVerificationError,
    RangeError,
    StatusListLengthError,
    StatusRetrievalError,
    StatusVerificationError,
    UntrustedIssuerError,
)
from verifier import file_sentences, sentences
from verifier.findings import (
    ATTACHMENTS_DIFFER,
    PRESENTER_MISMATCH,
    REVOKED,
    SUBJECT_MISMATCH,
    SUPERSEDED,
    SUSPENDED,
    Evidence,
    Rejected,
)
from verifier.grouping import (
    OTHER_PERSON,
    OUTDATED,
    REPEATED,
    STALE,
    UNCHECKED,
    UNTRUSTED,
    VERIFIED,
    WITHDRAWN,
)
from verifier.standings import DECLINED, MISSING, Standing

_MONTHS: Final = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


@dataclass(frozen=True)
class Speech:
    """How sentences, amounts (cents), days and codes (group, code) become text in one language."""

    translate: Callable[..., str]
    euro: Callable[[int], str]
    day: Callable[[date], str]
    label: Callable[[str, str], str] = vocabulary.label


def _euro(cents: int) -> str:
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"€ {sign}{whole:,}".replace(",", ".") + f",{rest:02}"


def _day(moment: date) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _untranslated(text: str, **values: object) -> str:
    return text % values if values else text


DUTCH: Final = Speech(_untranslated, _euro, _day)


def finding(reason: str, name: str, evidence: Evidence | None, speech: Speech) -> str:
    """The sentence for a statement that is not, or not only, in the verified total."""
    _ = speech.translate
    values = {"name": name or _("een organisatie"), "date": _date(evidence, speech)}
    known = _statement_sentences(_) | _refusal_sentences(_)
    return str(known.get(reason, known[MalformedValueError.reason]) % values)


def rejection(refused: Rejected, speech: Speech) -> str:
    """The sentence for what was not taken; who is on the scheme is not told to be off it."""
    if refused.basis == "identity":
        return sentences.identity(refused.reason, speech.translate)
    forged = refused.reason == UntrustedIssuerError.reason and refused.source.oin
    reason = _FORGED if forged else refused.reason
    return finding(reason, refused.source.name, refused.evidence, speech)


def refusal(reason: str, speech: Speech) -> str:
    """The sentence for a file that is not taken; `reason` is one of `upload.REASONS`."""
    return file_sentences.sentences(speech.translate)[reason]


def disproof(reason: str, speech: Speech) -> str:
    """The sentence for a sealed document of which the credentials prove nothing."""
    if reason in _NO_KEY:
        return refusal(file_sentences.KEYLESS, speech)
    return refusal(reason if reason == ATTACHMENTS_DIFFER else "attachment", speech)


def breach(reason: str, name: str, values: Mapping[str, Any], speech: Speech) -> str:
    """The sentence for an invariant that does not hold in a signed statement.

    `values`: `missing` debts, an `amount` in cents and the `reference` of a debt, where told.
    """
    told = {
        "name": name,
        "missing": values.get("missing") or 0,
        "amount": speech.euro(values.get("amount") or 0),
        "reference": values.get("reference") or "",
    }
    return sentences.breach(reason, told, speech.translate)


def standing(source: Standing, speech: Speech) -> tuple[str, str]:
    """Of one source in the strip: the sentence to read out, and the next step."""
    evidence = source.entry.evidence if source.entry else None
    key = source.state
    if source.state == VERIFIED and evidence:
        key = next((remark for remark in source.remarks if remark in _REMARKS), "")
        key = key or ("nothing" if not evidence.terms["aantal_vorderingen"] else "complete")
    _ = speech.translate
    values = {
        "name": source.source.name,
        "date": _date(evidence, speech),
        **_withheld(evidence, speech),
    }
    sentence, step = _standing_sentences(_)[key]
    return str(sentence % values), str(step % values)


def _withheld(evidence: Evidence | None, speech: Speech) -> dict[str, Any]:
    withheld = evidence.withheld if evidence else None
    missing, amount = (withheld.missing, withheld.amount) if withheld else (0, 0)
    return {"missing": missing or 0, "amount": speech.euro(amount or 0)}


_REMARKS: Final = ("withheld", "source_down", "breach", "newer_exists")


def _date(evidence: Evidence | None, speech: Speech) -> str:
    return speech.day(evidence.reference_day) if evidence else ""


def _statement_sentences(_: Callable[..., str]) -> dict[str, str]:
    withdrawn = _("%(name)s heeft deze opgave ingetrokken. De bedragen tellen niet mee.")
    outdated = _("De opgave van %(name)s is verouderd, stand van %(date)s. Vraag een nieuwe.")
    unchecked = _(
        "De opgave van %(name)s kon niet worden gecontroleerd. De bedragen tellen niet mee."
    )
    return {
        REVOKED: withdrawn,
        SUSPENDED: withdrawn,
        SUPERSEDED: outdated,
        ExpiredError.reason: outdated,
        STALE: outdated,
        StatusRetrievalError.reason: unchecked,
        StatusVerificationError.reason: unchecked,
        StatusListLengthError.reason: unchecked,
        UntrustedIssuerError.reason: _(
            "%(name)s doet niet mee aan de afspraken. De bedragen tellen niet mee."
        ),
        SUBJECT_MISMATCH: _(
            "De opgave van %(name)s gaat over een andere persoon. De bedragen tellen niet mee."
        ),
        PRESENTER_MISMATCH: _(
            "De opgave van %(name)s gaat over een andere persoon dan de identiteitskaart die "
            "erbij is gedeeld. De bedragen tellen niet mee."
        ),
        REPEATED: _("De opgave van %(name)s kwam meer dan één keer. Zij telt één keer mee."),
    }


# In the name of one organisation, by the key of another.
_FORGED: Final = "forged"
# Whether the issuer signed can't be told, for want of a key that may.
_NO_KEY: Final = (
    InvalidControlledIdentifierDocumentError.reason,
    InvalidControlledIdentifierDocumentIdError.reason,
    InvalidRelationshipError.reason,
    InvalidVerificationMethodError.reason,
    InvalidVerificationMethodUrlError.reason,
)


def _refusal_sentences(_: Callable[..., str]) -> dict[str, str]:
    broken = _("Een opgave is niet goed ondertekend. Zij is niet gelezen.")
    malformed = _("Een opgave van %(name)s is niet goed opgebouwd. Zij telt niet mee.")
    keyless = _(
        "Wij konden niet nagaan of een opgave echt van %(name)s is. Zij telt niet mee. "
        "Probeer het later opnieuw."
    )
    return {
        CryptographicSecurityError.reason: broken,
        ParsingError.reason: broken,
        ProofVerificationError.reason: broken,
        ProofTransformationError.reason: broken,
        **dict.fromkeys(_NO_KEY, keyless),
        _FORGED: _(
            "Een opgave op naam van %(name)s is niet door %(name)s ondertekend. Zij telt niet mee."
        ),
        DataLossDetectionError.reason: malformed,
        MalformedValueError.reason: malformed,
        RangeError.reason: malformed,
        HolderBindingError.reason: _("Van een opgave is niet bewezen wie de houder is."),
        NotYetValidError.reason: _("Een opgave van %(name)s is nog niet geldig."),
        ClaimsMissingError.reason: _("In een opgave van %(name)s ontbreekt wat gevraagd is."),
        NotRequestedError.reason: _("Er is een kaart gedeeld waar niet om gevraagd is."),
        PolicyLimitError.reason: _("Er zijn te veel opgaven tegelijk gedeeld."),
    }


def _standing_sentences(_: Callable[..., str]) -> dict[str, tuple[str, str]]:
    ask = _("Vraag %(name)s om een nieuwe opgave en stel de vraag opnieuw.")
    return {
        "complete": (_("%(name)s heeft alle schulden doorgegeven, stand van %(date)s."), ""),
        "nothing": (_("U heeft geen schulden bij %(name)s, stand van %(date)s."), ""),
        "withheld": (
            _(
                "Niet alles van %(name)s is gedeeld. Er ontbreken schulden: %(missing)d, "
                "samen %(amount)s."
            ),
            _("Vraag of u die ook mag zien en stel de vraag opnieuw."),
        ),
        "source_down": (
            _("%(name)s kon niet alles opzoeken. Er kunnen meer schulden zijn."),
            _("Bel %(name)s, of vraag later een nieuwe opgave."),
        ),
        "breach": (
            _("De opgave van %(name)s klopt niet met zichzelf."),
            _("Bel %(name)s en vraag hoe het zit."),
        ),
        "newer_exists": (_("Er is een nieuwere opgave van %(name)s die hier niet meetelt."), ask),
        MISSING: (
            _("Van %(name)s is nog geen opgave gedeeld."),
            _("Haal de opgave op bij %(name)s, of voeg een document toe."),
        ),
        DECLINED: (
            _("De opgave van %(name)s is niet gedeeld."),
            _("Dat mag. Bespreek het, vraag het opnieuw of voeg een document toe."),
        ),
        **_unusable_sentences(_, ask),
    }


def _unusable_sentences(_: Callable[..., str], ask: str) -> dict[str, tuple[str, str]]:
    return {
        OUTDATED: (_("De opgave van %(name)s is verouderd, stand van %(date)s."), ask),
        UNCHECKED: (
            _("De opgave van %(name)s kon niet worden gecontroleerd."),
            _("Probeer het later opnieuw. Lukt het niet? Bel %(name)s."),
        ),
        WITHDRAWN: (_("%(name)s heeft deze opgave ingetrokken."), ask),
        OTHER_PERSON: (
            _("De opgave van %(name)s gaat over een andere persoon."),
            _("Kijk of naam en geboortedatum kloppen. Vraag dan om de eigen opgave."),
        ),
        UNTRUSTED: (
            _("%(name)s doet niet mee aan de afspraken."),
            _("Vertrouw de bedragen niet. Bel de organisatie."),
        ),
    }
