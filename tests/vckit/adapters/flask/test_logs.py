"""The one place that keeps personal data out of the logs."""

import json

import pytest

from vckit.adapters.flask import logs


@pytest.mark.parametrize(
    "value",
    [
        "burger 123456782",
        "eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2ln~WyJhIl0~",
        "x" * 43,
        "jan@example.org",
        {"inner": ["123456782"]},
    ],
)
def test_what_looks_personal_or_secret_is_removed(capfd, value):
    logs.create_logger("proef").info("event", detail=value)
    line = json.loads(capfd.readouterr().err)
    assert logs.REMOVED in json.dumps(line["detail"])
    for secret in ("123456782", "eyJ", "xxx", "jan@"):
        assert secret not in json.dumps(line)


@pytest.mark.parametrize("key", ["bsn", "token", "Authorization", "family_name", "vp_token"])
def test_what_is_named_personal_or_secret_is_removed_at_any_depth(capfd, key):
    logs.create_logger("proef").info("event", detail={key: "kort"}, **{key: 7})
    line = json.loads(capfd.readouterr().err)
    assert line["detail"] == {key: logs.REMOVED}
    assert line[key] == logs.REMOVED


def test_ordinary_facts_stay(capfd):
    logs.create_logger("proef").info("imported", source="belastingen", rows=92, late=False)
    line = json.loads(capfd.readouterr().err)
    facts = {name: line[name] for name in ("service", "event", "level", "source", "rows", "late")}
    assert facts == {
        "service": "proef",
        "event": "imported",
        "level": "info",
        "source": "belastingen",
        "rows": 92,
        "late": False,
    }


def test_outside_a_request_a_line_has_no_number(app, capfd):
    capfd.readouterr()
    with app.app_context():
        assert "request_id" not in logs.log()._context
