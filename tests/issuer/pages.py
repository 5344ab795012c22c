"""Reading and posting pages of the issuer in tests."""

import re
from html import unescape

from tests.issuer.town import csrf_token


def text_of(answer, status=200):
    """The words of a page on one line."""
    assert answer.status_code == status, answer.status_code
    bare = re.sub(r"<[^>]+>", " ", answer.text)
    return " ".join(unescape(bare).replace("\N{NO-BREAK SPACE}", " ").split())


def post(client, path, page, **fields):
    """Post a form with the token of another page."""
    return client.post(path, data={"csrf_token": csrf_token(client.get(page)), **fields})
