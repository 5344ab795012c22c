"""One HTTP exchange with a running service, and what every answer of it must keep to."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from vckit import strict_json

SECONDS = 2.0  # security.md, "A row passes when"
PDF_SECONDS = 5.0  # security.md, "Where we want to stand" 17
TIMEOUT = 30
_SHORTEST_ECHO = 6
# What an answer tells of its inside only by mistake.
_INSIDE = ("Traceback", "sqlite", "SELECT ", ".py", "Werkzeug", "werkzeug/", "/site-packages")

Form = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What came back, how long it took, and the texts that were sent and may not come back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    sent: tuple[str, ...] = field(default=(), repr=False)

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    def json(self) -> dict[str, Any]:
        return strict_json.loads_object(self.body, strict_json.Limits(string=4_194_304))


def post(url: str, **given: Any) -> Answer:
    """POST with `data` (a form, or bytes), `json`, `params` or `headers`."""
    return send("POST", url, **given)


def send(method: str, url: str, **given: Any) -> Answer:
    with requests.Session() as session:
        session.trust_env = False
        begun = time.monotonic()
        answer = session.request(method, url, timeout=TIMEOUT, allow_redirects=False, **given)
        seconds = time.monotonic() - begun
    texts = (*_texts(given.get("data")), *_texts(given.get("json")), *_texts(given.get("params")))
    return Answer(answer.status_code, answer.headers, answer.content, seconds, texts)


def refusal(
    answer: Answer, status: int, media_type: str = "application/json", seconds: float = SECONDS
) -> dict[str, Any]:
    """The JSON of a refusal, after everything that holds for each of them."""
    assert answer.status == status, (answer.status, answer.body[:300])
    assert answer.media_type == media_type
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.seconds < seconds
    tells_nothing(answer)
    return answer.json()


def tells_nothing(answer: Answer) -> None:
    """No part of the input, of the inside or of a version comes back."""
    text = answer.body.decode("utf-8", "replace") + repr(dict(answer.headers))
    assert not [one for one in answer.sent if one in text]
    assert not [one for one in _INSIDE if one in text]
    assert not any(letter.isdigit() for letter in answer.headers.get("Server", ""))


def _texts(given: object) -> tuple[str, ...]:
    """Every string that was sent, long enough to be told from a fixed sentence."""
    if isinstance(given, bytes):
        given = given.decode("utf-8", "replace")
    if isinstance(given, str):
        return (given,) if len(given) >= _SHORTEST_ECHO else ()
    if isinstance(given, Mapping):
        return tuple(text for value in given.values() for text in _texts(value))
    if isinstance(given, list) and all(isinstance(pair, tuple) for pair in given):
        given = [value for _name, value in given]
    if isinstance(given, Sequence):
        return tuple(text for value in given for text in _texts(value))
    return ()
