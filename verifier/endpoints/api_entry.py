"""What case software sends, judged by the description; a ProblemError tells what is wrong."""

import re
from typing import Any, ClassVar, Final

import flask
from werkzeug.exceptions import UnsupportedMediaType

from vckit import oauth, strict_json
from vckit.errors import MalformedValueError, ParsingError, ProblemError
from verifier import description
from verifier.case_software import ContentError, Question, Sender, Wish
from verifier.endpoints import api
from verifier.person import Person
from verifier.repeats import attempt
from verifier.requestbook import SAME_DEVICE

# draft-ietf-httpapi-idempotency-key-header 2.1 has a string of RFC 8941, in quotes; many leave
# them out.
_KEY: Final = re.compile(r'"([!#-~]{16,200})"|([!#-~]{16,200})')
PAGE: Final = 50
MOST: Final = 200
_PAGE: Final = re.compile("[1-9][0-9]{0,2}")
_CASE_ID: Final = re.compile("[0-9a-f]{32}")


class UnreadableError(ProblemError):
    """It is not what the description asks for, so far that nothing can be pointed at."""


class IdempotencyKeyError(ProblemError):
    """The header is there and holds no key."""

    code: ClassVar[str] = "idempotency-key-malformed"
    title: ClassVar[str] = "The Idempotency-Key has 16 to 200 visible characters"


def sender() -> Sender:
    """Whose request this is, and its key, which binds method, path and body."""
    request = flask.request
    given = request.headers.getlist("Idempotency-Key")
    if not given:
        return Sender(api.token())
    found = _KEY.fullmatch(given[0]) if len(given) == 1 else None
    if found is None:
        raise IdempotencyKeyError
    asked = b"\n".join((request.method.encode(), request.path.encode(), request.get_data()))
    return Sender(api.token(), attempt(api.token().id, found[1] or found[2], asked))


def wish() -> Wish:
    """The case that is wanted."""
    content = _content("NewCase")
    return Wish(
        person=_person(content.get("person")),
        partner=_person(content.get("partner")),
        oins=tuple(content["organisations"]) if "organisations" in content else None,
        question=_question(content),
    )


def question() -> Question:
    """How another request is asked."""
    return _question(_content("NewRequest"))


def document() -> bytes:
    """The PDF that was sent, byte for byte."""
    if flask.request.mimetype != "application/pdf":
        raise UnsupportedMediaType
    return flask.request.get_data()


def page() -> tuple[int, str | None]:
    """How many cases are asked, and after which one."""
    asked = _parameters("limit", "after")
    limit, after = asked.get("limit", str(PAGE)), asked.get("after")
    if not _PAGE.fullmatch(limit) or int(limit) > MOST:
        raise UnreadableError(f"The parameter limit is a number from 1 to {MOST}.")
    if after is not None and not _CASE_ID.fullmatch(after):
        raise UnreadableError("The parameter after is the id of a case.")
    return int(limit), after


def subject() -> int | None:
    """Whose part of a household is asked for; None: of both together."""
    asked = _parameters("person").get("person")
    if asked not in {None, "1", "2"}:
        raise UnreadableError("The parameter person is 1 or 2.")
    return int(asked) - 1 if asked else None


def no_parameters() -> None:
    """Refuse a query where there is none."""
    _parameters()


def _parameters(*known: str) -> dict[str, str]:
    """The query; a parameter that is not known or comes twice would seem to have been obeyed."""
    given = flask.request.args
    if not set(given) <= set(known) or any(len(values) > 1 for _, values in given.lists()):
        raise UnreadableError("A parameter of the query is not known here, or comes twice.")
    return given.to_dict()


def _content(schema: str) -> dict[str, Any]:
    _parameters()
    if flask.request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        content = strict_json.loads(flask.request.get_data())
    except ParsingError:
        raise UnreadableError("The body is not strict JSON (RFC 8259, I-JSON).") from None
    wrong = description.breaches(content, schema)
    if wrong:
        raise ContentError(*wrong)
    return dict(content)


def _person(given: dict[str, str] | None) -> Person | None:
    if given is None:
        return None
    names = given["family_name"].strip(), given["given_name"].strip()
    return Person(*names, given["birthdate"])


def _question(content: dict[str, Any]) -> Question:
    formats = content.get("formats")
    return Question(
        way=content.get("way", SAME_DEVICE),
        organisation=content.get("organisation"),
        formats=tuple(formats) if formats else None,
        webhook=_webhook(content.get("webhook")),
    )


def _webhook(given: str | None) -> str | None:
    try:
        return oauth.endpoint_url(given) if given is not None else None
    except MalformedValueError:
        raise ContentError(("/webhook", "is not a URL")) from None
