"""The description and the routes say the same, and the description is valid OpenAPI 3.1."""

import json
import re

import pytest
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from tests.verifier.case_software import judge, resolved
from tests.verifier.world import VERIFIER_URL
from verifier import description, exporting, tokens
from verifier.endpoints import api

METHODS = {"get", "post", "put", "patch", "delete"}
DOCUMENT = description.document()
OPERATIONS = [
    (path, method)
    for path, item in DOCUMENT["paths"].items()
    for method in item
    if method in METHODS
]


def described(path, method):
    return DOCUMENT["paths"][path][method]


def test_it_is_valid_openapi():
    OPENAPI_31_VALIDATOR.validate(DOCUMENT)
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_route_is_described_and_every_described_route_is_there(app):
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix(api.PREFIX), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(api.PREFIX)
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == set(OPERATIONS)


def test_it_is_published_as_it_is(client):
    given = client.get("/api/v1/openapi.json", base_url=VERIFIER_URL)
    assert given.data == description.raw()
    assert given.mimetype == "application/json"
    [server] = given.json["servers"]
    assert server["url"] == api.PREFIX


def test_every_reference_leads_somewhere():
    for reference in set(re.findall(r'"\$ref": "([^"]+)"', description.raw().decode())):
        assert resolved({"$ref": reference})


def test_everything_shared_is_used():
    text = description.raw().decode()
    for kind in ("parameters", "headers", "responses", "schemas"):
        for name in DOCUMENT["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_tells_its_scope_answers_and_limits(path, method):
    operation = described(path, method)
    assert operation["summary"]
    answers = operation["responses"]
    assert {"400", "405", "500", "503"} <= set(answers)
    if path != "/openapi.json":
        [needed] = operation["security"]
        [scope] = needed["token"]
        assert scope in tokens.SCOPES
        assert {"401", "403"} <= set(answers)
    assert ("404" in answers) >= ("{" in path)
    if "requestBody" in operation:
        assert {"413", "415", "422"} <= set(answers)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_tells_its_headers_and_no_error_is_anything_but_a_problem(path, method):
    for status, answer in described(path, method)["responses"].items():
        stated = resolved(answer)
        assert {"X-Request-ID"} <= set(stated["headers"])
        if int(status) >= 400:
            assert list(stated["content"]) == ["application/problem+json"]


def test_operations_have_names_of_their_own():
    names = [described(*operation)["operationId"] for operation in OPERATIONS]
    assert len(set(names)) == len(names)
    linked = re.findall(r'"operationId": "([^"]+)"', json.dumps(DOCUMENT["paths"]))
    assert set(linked) == set(names)


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_every_example_is_valid(name):
    for example in DOCUMENT["components"]["schemas"][name].get("examples", []):
        judge(example, {"$ref": f"#/components/schemas/{name}"})


def test_every_example_of_a_problem_is_valid():
    for answer in DOCUMENT["components"]["responses"].values():
        content = answer["content"]["application/problem+json"]
        judge(content["example"], content["schema"])
        assert content["example"]["type"].startswith(api.PROBLEM_TYPES)


def test_every_file_is_described():
    parameters = described("/cases/{case_id}/files/{name}", "get")
    [names] = [
        each["schema"]["enum"]
        for each in DOCUMENT["paths"]["/cases/{case_id}/files/{name}"]["parameters"]
        if each.get("name") == "name"
    ]
    assert set(names) == {*exporting.OPEN, *exporting.SEALED}
    kinds = {kind for kind, _make in [*exporting.OPEN.values(), *exporting.SEALED.values()]}
    plain = {kind.partition(";")[0] for kind in kinds}
    assert plain == set(parameters["responses"]["200"]["content"])
