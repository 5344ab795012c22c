"""What case software gets, as the description has it. Times are RFC 3339 in UTC."""

import hashlib
from datetime import UTC, datetime
from typing import Any, Final

import flask

from vckit.adapters.flask import json_response
from vckit.adapters.flask.look import qr_svg
from verifier import asking
from verifier.endpoints import api, desk
from verifier.findings import Accepted, Finding
from verifier.person import Person
from verifier.requestbook import Request
from verifier.store import Case

# Seconds after which it is worth asking again.
POLL_SECONDS: Final = "2"
_QR_TITLE: Final = "QR-code voor de wallet"


def case(each: Case) -> dict[str, Any]:
    """A case with its requests, newest first."""
    store, now = desk.office().store, desk.now()
    urls = desk.office().webhooks.urls_of(each.id)
    requests = store.requests_of(each.id, now)
    return {
        **summary(each, requests[0].state if requests else None),
        "person": _person(each.person),
        "partner": _person(each.partner),
        "organisations": [{"name": one.name, "oin": one.oin} for one in each.organisations],
        "has_findings": bool(store.findings_of(each.id)),
        "requests": [request(one, urls.get(one.id)) for one in requests],
    }


def summary(each: Case, state: str | None) -> dict[str, Any]:
    """A case in a list; nothing of a person in it."""
    return {
        "id": each.id,
        "state": state,
        "created_at": _time(each.created_at),
        "expires_at": _time(each.expires_at),
    }


def summaries(cases: list[Case]) -> list[dict[str, Any]]:
    """The cases of one page of a list."""
    store, now = desk.office().store, desk.now()
    newest = [(each, store.requests_of(each.id, now)[:1]) for each in cases]
    return [summary(each, asked[0].state if asked else None) for each, asked in newest]


def request(each: Request, webhook: str | None) -> dict[str, Any]:
    """A request; what opens a wallet is there as long as it is open."""
    link = asking.way_in(desk.office(), each, desk.now()) if each.is_open else None
    return {
        "id": each.id,
        "case_id": each.case_id,
        "state": each.state,
        "created_at": _time(each.created_at),
        "expires_at": _time(each.expires_at),
        "way": each.way.name,
        "organisation": each.organisation,
        "link": link,
        "qr_svg": str(qr_svg(link, _QR_TITLE)) if link else None,
        "check_code": each.check_code or None,
        "ending": each.ending,
        "webhook": webhook,
    }


def request_alone(each: Request) -> dict[str, Any]:
    """A request with its webhook looked up."""
    return request(each, desk.office().webhooks.urls_of(each.case_id).get(each.id))


def finding(found: Finding) -> dict[str, Any]:
    """What became of a document that was added."""
    if isinstance(found, Accepted):
        source, reason = found.evidence.source, None
    else:
        source, reason = found.source, found.reason
    return {"organisation": source.name, "oin": source.oin, "reason": reason}


def created(content: dict[str, Any], location: str) -> flask.Response:
    """201, and where it is."""
    response = json_response(content, 201)
    response.headers["Location"] = location
    return response


def polled(content: dict[str, Any], *, is_open: bool) -> flask.Response:
    """An answer that is asked for again and again: 304 while nothing changed (RFC 9110 13.1.2)."""
    response = json_response(content)
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    if is_open:
        response.headers["Retry-After"] = POLL_SECONDS
    response.make_conditional(flask.request)
    return response


def case_url(case_id: str) -> str:
    """The address of a case."""
    return f"{desk.office().config.base_url}{api.CASES}/{case_id}"


def request_url(each: Request) -> str:
    """The address of a request."""
    return f"{case_url(each.case_id)}/requests/{each.id}"


def _person(person: Person | None) -> dict[str, str] | None:
    return person.to_json() if person else None


def _time(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
