"""Strict forms and the limits of bodies."""

import io
import json

import pytest

from tests.vckit.adapters.flask.service import FORM


def _send(program, body, **options):
    return program("POST", "/token", data=body, **{"content_type": FORM, **options})


def test_a_form_is_read_and_parameters_without_value_are_absent(program):
    response = _send(program, "code=a%2Bb&tx_code=&naam=%C4%86osi%C4%87+x")
    assert (response.status_code, json.loads(response.data)) == (
        200,
        {"code": "a+b", "naam": "Ćosić x"},
    )
    assert json.loads(_send(program, "").data) == {}


@pytest.mark.parametrize(
    ("body", "options"),
    [
        ("a=1&a=2", {}),
        ("a=&a=2", {}),
        ("a", {}),
        ("a=%ff", {}),
        (b"a=\xc3\xa9", {}),
        ("&".join(f"p{number}=1" for number in range(101)), {}),
        ("a=1", {"query_string": "b=2"}),
        ('{"a":"1"}', {"content_type": "application/json"}),
        ("a=1", {"content_type": "text/plain"}),
        ("a=1", {"content_type": ""}),
    ],
)
def test_a_form_that_is_not_plain_is_an_invalid_request(program, body, options):
    response = _send(program, body, **options)
    assert response.status_code == 400
    assert json.loads(response.data)["error"] == "invalid_request"


def test_the_token_endpoint_takes_32_kib_and_no_byte_more(program):
    assert _send(program, "a=" + "x" * (32_768 - 2)).status_code == 200
    assert _send(program, "a=" + "x" * (32_768 - 1)).status_code == 413


def test_an_endpoint_with_its_own_limit_takes_that_much(program):
    body = b"x" * 262_144
    response = program("POST", "/credential", data=body, content_type="application/json")
    assert json.loads(response.data) == {"length": 262_144}
    response = program("POST", "/credential", data=body + b"x", content_type="application/json")
    assert response.status_code == 413


def test_a_large_form_field_fits_where_the_limit_allows_it(program):
    body = "response=" + "x" * 200_000
    assert program("POST", "/credential", data=body, content_type=FORM).status_code == 200


@pytest.mark.parametrize(("size", "status"), [(262_144, 200), (262_145, 413)])
def test_a_body_in_chunks_is_limited_and_never_cut(app, size, status):
    environ = {
        "wsgi.input": io.BytesIO(b"x" * size),
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    response = app.test_client().post(
        "/credential", base_url="http://localhost:8101", environ_overrides=environ
    )
    assert response.status_code == status
    assert status != 200 or json.loads(response.data) == {"length": size}


class _BrokenChunks(io.RawIOBase):
    """A body of which the server cannot tell where a chunk ends."""

    def read(self, _size: int = -1) -> bytes:
        raise LookupError("an error of the server's own")


@pytest.mark.parametrize("coding", ["chunked", "Chunked"])
def test_X23_chunks_that_are_none_are_refused(app, coding):
    environ = {
        "wsgi.input": _BrokenChunks(),
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": coding,
    }
    response = app.test_client().post(
        "/credential", base_url="http://localhost:8101", environ_overrides=environ
    )
    assert (response.status_code, response.json) == (400, {"error": "invalid_request"})


def _upload(browser, token: str, file: bytes, **fields: str):
    body = b""
    for name, text in {"csrf_token": token, **fields}.items():
        body += (
            f'--grens\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        )
    body += b'--grens\r\nContent-Disposition: form-data; name="bestand"; filename="a.pdf"\r\n\r\n'
    body += file + b"\r\n--grens--\r\n"
    media_type = "multipart/form-data; boundary=grens"
    return browser("POST", "/upload", data=body, content_type=media_type)


def test_X22_an_upload_is_taken_within_its_limit(browser, form_token):
    token = form_token()
    assert _upload(browser, token, b"x" * 400_000).text == "400000"
    assert _upload(browser, token, b"x" * 2_000_000).status_code == 413


def test_X22_a_huge_field_or_a_thousand_parts_are_refused(browser, form_token):
    token = form_token()
    assert _upload(browser, token, b"x", veld="x" * 500_001).status_code == 413
    assert _upload(browser, token, b"x", **{f"p{n}": "x" for n in range(1_001)}).status_code == 413


@pytest.mark.parametrize("parameter", ["", "; boundary=" + "x" * 10_000])
def test_X22_a_multipart_body_without_a_usable_boundary_is_refused(browser, parameter):
    media_type = "multipart/form-data" + parameter
    response = browser("POST", "/upload", data=b"--x\r\n", content_type=media_type)
    assert response.status_code in {400, 403, 413}
