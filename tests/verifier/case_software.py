"""Case software at the API of the verifier, in memory; every answer is held to the description."""

from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.verifier.world import VERIFIER_URL
from verifier import description, tokens

YEAR = 365 * 86_400
JOSE = {"family_name": "d'Hondt", "given_name": "José", "birthdate": "1974-08-21"}


def register(office, now, *, scopes=tokens.SCOPES, owner="zaaksysteem", life=YEAR):
    """A new token: what is kept of it, and what its user sends."""
    made = tokens.new("Zaaksysteem", owner, scopes, now, life)
    return made, office.tokens.add(made)


@dataclass
class CaseSoftware:
    """Calls the API with one token; `operation` finds what the description says of an answer."""

    client: Any
    bearer: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method, path, *, json=None, data=None, headers=None, media_type=None):
        sent = {"Authorization": f"Bearer {self.bearer}", **self.headers, **(headers or {})}
        answer = self.client.open(
            f"/api/v1{path}",
            method=method,
            base_url=VERIFIER_URL,
            headers=sent,
            json=json,
            data=data,
            content_type=media_type,
        )
        conforms(method, path, answer)
        return answer

    def get(self, path, **how):
        return self.call("GET", path, **how)

    def post(self, path, json=None, **how):
        return self.call("POST", path, json=json, **how)

    def delete(self, path, **how):
        return self.call("DELETE", path, **how)

    def open(self, **content):
        answer = self.post("/cases", content)
        assert answer.status_code == 201, answer.json
        return answer.json


def conforms(method, path, answer):
    """The status is described, with its media type, headers and schema; nothing may be kept."""
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Request-ID"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    described = _described(method, path)
    if described is None:
        assert answer.status_code in {401, 404, 405}
        described = {"responses": {str(answer.status_code): _shared(answer.status_code)}}
    stated = resolved(described["responses"][str(answer.status_code)])
    for name, header in stated.get("headers", {}).items():
        assert name in answer.headers or not resolved(header).get("required"), name
    content = stated.get("content")
    if content is None:
        assert answer.data == b""
        return
    media_type = answer.mimetype
    assert media_type in content
    if media_type.endswith("json"):
        judge(answer.json, content[media_type]["schema"])


def judge(document, schema):
    registry = Registry().with_resource(
        "urn:api", DRAFT202012.create_resource(description.document())
    )
    absolute = {"$ref": f"urn:api{schema['$ref']}"} if "$ref" in schema else schema
    Draft202012Validator(absolute, registry=registry).validate(document)


def resolved(part):
    """What a reference inside the description leads to."""
    while "$ref" in part:
        place = description.document()
        for name in part["$ref"].removeprefix("#/").split("/"):
            place = place[name]
        part = place
    return part


def _described(method, path):
    wanted = path.partition("?")[0].split("/")
    for template, operations in description.document()["paths"].items():
        parts = template.split("/")
        if len(parts) == len(wanted) and all(
            part.startswith("{") or part == given for part, given in zip(parts, wanted, strict=True)
        ):
            return operations.get(method.lower())
    return None


def _shared(status):
    names = {401: "Unauthorized", 404: "NotFound", 405: "MethodNotAllowed"}
    return {"$ref": f"#/components/responses/{names[status]}"}
