"""Cases and their requests, for case software."""

from itertools import dropwhile, islice
from typing import Final

import flask

from vckit.adapters.flask import json_response
from verifier import asking, case_software, collecting
from verifier.endpoints import api, api_answers, api_entry, desk
from verifier.requestbook import OPEN
from verifier.tokens import CASES_READ, CASES_WRITE

blueprint = flask.Blueprint("api_cases", __name__)
_REQUESTS: Final = f"{api.CASE}/requests"
_LINK: Final = f"{api.CASE}/collecting-link"


@blueprint.get(f"{api.PREFIX}/organisations")
@api.needs(CASES_READ)
def organisations() -> flask.Response:
    """Who can be asked: everyone of the scheme who states debts."""
    api_entry.no_parameters()
    known = asking.organisations(desk.office(), desk.now())
    return json_response({"organisations": [{"name": one.name, "oin": one.oin} for one in known]})


@blueprint.post(api.CASES)
@api.needs(CASES_WRITE)
def open_case() -> flask.Response:
    """Open a case and ask its question."""
    wish, sender = api_entry.wish(), api_entry.sender()
    case, _request = case_software.open_case(desk.office(), sender, wish, desk.now())
    return api_answers.created(api_answers.case(case), api_answers.case_url(case.id))


@blueprint.get(api.CASES)
@api.needs(CASES_READ)
def cases() -> flask.Response:
    """The cases of the token's owner, newest first, a page at a time."""
    limit, after = api_entry.page()
    mine = desk.office().store.cases_of(api.token().owner, desk.now())
    rest = dropwhile(lambda each: each.id != after, mine) if after else iter(mine)
    page = list(islice(rest, 1 if after else 0, limit + (2 if after else 1)))
    following = page[limit - 1].id if len(page) > limit else None
    return json_response({"cases": api_answers.summaries(page[:limit]), "next": following})


@blueprint.get(api.CASE)
@api.needs(CASES_READ)
def case(case_id: str) -> flask.Response:
    """A case and how its requests stand."""
    api_entry.no_parameters()
    content = api_answers.case(api.own(case_id))
    return api_answers.polled(content, is_open=content["state"] in OPEN)


@blueprint.delete(api.CASE)
@api.needs(CASES_WRITE)
def forget(case_id: str) -> flask.Response:
    """Erase the case with everything in it."""
    api_entry.no_parameters()
    desk.office().store.forget_case(api.own(case_id).id)
    return flask.Response(status=204)


@blueprint.post(_REQUESTS)
@api.needs(CASES_WRITE)
def ask_again(case_id: str) -> flask.Response:
    """Ask the question of the case again."""
    mine = api.own(case_id)
    question, sender = api_entry.question(), api_entry.sender()
    _case, request = case_software.ask_again(desk.office(), sender, mine, question, desk.now())
    return api_answers.created(api_answers.request_alone(request), api_answers.request_url(request))


@blueprint.get(f"{_REQUESTS}/<request_id>")
@api.needs(CASES_READ)
def request(case_id: str, request_id: str) -> flask.Response:
    """How one request stands."""
    api_entry.no_parameters()
    found = case_software.request_of(desk.office(), api.own(case_id), request_id, desk.now())
    content = api_answers.request_alone(found)
    return api_answers.polled(content, is_open=found.is_open)


@blueprint.post(f"{_REQUESTS}/<request_id>/cancel")
@api.needs(CASES_WRITE)
def cancel(case_id: str, request_id: str) -> flask.Response:
    """End a request that is open."""
    api_entry.no_parameters()
    mine = api.own(case_id)
    ended = case_software.cancel(desk.office(), mine, request_id, desk.now())
    return json_response(api_answers.request_alone(ended))


@blueprint.post(f"{_REQUESTS}/<request_id>/discard")
@api.needs(CASES_WRITE)
def discard(case_id: str, request_id: str) -> flask.Response:
    """Throw away what came by another screen than ours."""
    api_entry.no_parameters()
    mine = api.own(case_id)
    emptied = case_software.discard(desk.office(), mine, request_id, desk.now())
    return json_response(api_answers.request_alone(emptied))


@blueprint.post(_LINK)
@api.needs(CASES_WRITE)
def make_link(case_id: str) -> flask.Response:
    """A link past all organisations, for the resident; the one before it opens nothing any more."""
    api_entry.no_parameters()
    office = desk.office()
    token = collecting.make_link(office, api.own(case_id), desk.now())
    path = flask.url_for("collecting.begin", token=token)
    return json_response({"link": f"{office.config.base_url}{path}"}, 201)


@blueprint.delete(_LINK)
@api.needs(CASES_WRITE)
def revoke_link(case_id: str) -> flask.Response:
    """Let the link open nothing any more, and erase what was collected and not shared."""
    api_entry.no_parameters()
    desk.office().collecting.revoke_link(api.own(case_id).id)
    return flask.Response(status=204)
