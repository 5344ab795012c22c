"""Which format a text is, that its holder keeps or a document carries."""

from collections.abc import Mapping

from vckit import jose, sd_jwt
from vckit.errors import MalformedValueError
from vckit.formats import Format, UnverifiedCredential


def open_held(text: str, formats: Mapping[str, Format]) -> UnverifiedCredential:
    """The credential that the text is; of a presented SD-JWT without its holder's proof.

    Raises a VerificationError where it is none at all.
    """
    name, content = _told_apart(text)
    known = formats.get(name)
    if known is None:
        raise MalformedValueError("the text is of a format that is unknown here")
    return known.open_held(content)


def _told_apart(text: str) -> tuple[str, str]:
    if text.startswith("{"):
        return "ldp_vc", text
    if "~" in text:
        return "dc+sd-jwt", sd_jwt.parse(text).bound_text
    # VC-JOSE-COSE 3.1.1 names its type; a JWT of data model 1.1 has the claim `vc`.
    if jose.parse(text).header.get("typ") == "vc+jwt":
        return "vc+jwt", text
    return "jwt_vc_json", text
