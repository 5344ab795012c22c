"""What a counsellor reads of a file that is not taken, and what to do then."""

from collections.abc import Callable
from typing import Final

from vckit.errors import ParsingError, PolicyLimitError, UntrustedIssuerError
from verifier.findings import ATTACHMENTS_DIFFER

# Whether the issuer signed what is inside can't be told now.
KEYLESS: Final = "keyless"


def sentences(_: Callable[..., str]) -> dict[str, str]:
    """By reason: one of `upload.REASONS`, ATTACHMENTS_DIFFER, or KEYLESS."""
    return _of_other_files(_) | _of_documents(_)


def _of_other_files(_: Callable[..., str]) -> dict[str, str]:
    return {
        "not_a_pdf": _("Dit is geen PDF. Stuur het bestand zelf, geen foto of scan."),
        "photo": _(
            "Dit is een foto. Die kunnen wij niet controleren. Vraag om de PDF zelf, zoals die "
            "bij de organisatie is opgehaald."
        ),
        "scan": _(
            "Dit is een scan: een foto in een PDF. Die kunnen wij niet controleren. Vraag om de "
            "PDF zelf, zoals die bij de organisatie is opgehaald."
        ),
        "office_file": _(
            "Dit is een bestand van een tekstverwerker. Dat kunnen wij niet controleren. Vraag om "
            "de PDF zelf, zoals die bij de organisatie is opgehaald."
        ),
        "email": _(
            "Dit is een e-mail. Die kunnen wij niet controleren. Zit de PDF erbij? Bewaar die "
            "eerst en kies dan de PDF."
        ),
        "too_large": _("Dit bestand is te groot. Een opgave is nooit groter dan 10 MB."),
        "encrypted": _("Er zit een wachtwoord op dit bestand. Een opgave heeft geen wachtwoord."),
        "no_seal": _(
            "Dit is geen gewaarmerkte opgave: er zit geen zegel op. Vraag om de PDF zelf, zoals "
            "die bij de organisatie is opgehaald. Een afdruk of kopie heeft geen zegel."
        ),
    }


def _of_documents(_: Callable[..., str]) -> dict[str, str]:
    return {
        "several_seals": _(
            "Er staat meer dan één handtekening op dit bestand. Vraag een nieuwe opgave."
        ),
        "changed_after_sealing": _(
            "Dit bestand is veranderd nadat het zegel erop kwam. Vraag een nieuwe opgave."
        ),
        "other_seal": _("Dit zegel is niet van het soort dat op een opgave staat."),
        "active_content": _("Er zit een programma in dit bestand. In een opgave zit dat nooit."),
        "attachment": _("De gegevens in dit bestand kloppen niet. Vraag een nieuwe opgave."),
        ATTACHMENTS_DIFFER: _(
            "De twee opgaven in dit bestand zeggen niet hetzelfde. Vraag een nieuwe opgave."
        ),
        KEYLESS: _(
            "Wij konden niet nagaan of dit bestand echt van die organisatie is. Probeer het later "
            "opnieuw."
        ),
        "busy": _("Er worden nu te veel bestanden nagekeken. Probeer het over een minuut opnieuw."),
        ParsingError.reason: _("Dit bestand kunnen wij niet lezen. Het is misschien beschadigd."),
        PolicyLimitError.reason: _("Dit bestand is te ingewikkeld. Een gewone opgave is dat niet."),
        UntrustedIssuerError.reason: _("Dit zegel is niet van een organisatie die meedoet."),
    }
