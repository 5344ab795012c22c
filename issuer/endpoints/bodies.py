"""The JSON body of a protected endpoint, before anybody reads it."""

from typing import Final

import flask
from werkzeug.exceptions import UnsupportedMediaType

from vckit.errors import ProtocolError

JSON: Final = "application/json"


def json_body() -> bytes:
    """The body of a request that says it is JSON; 415 for another media type or character set.

    ProtocolError where the address carries parameters: a token in there stands in logs.
    """
    request = flask.request
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != JSON or charset != "utf-8":
        raise UnsupportedMediaType
    if request.query_string:
        raise ProtocolError("Parameters in the address are not allowed here.")
    return request.get_data()
