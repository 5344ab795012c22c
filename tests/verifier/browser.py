"""A counsellor at the verifier's pages, without JavaScript: links, forms and their tokens."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from tests.verifier.wallet import OWNER
from tests.verifier.world import VERIFIER_URL


@dataclass
class Browser:
    client: Any

    def log_in(self, subject=OWNER):
        """What the log-in leaves in the session; the log-in itself is the adapter's."""
        with self.client.session_transaction(base_url=VERIFIER_URL) as session:
            session["person"] = {
                "given_name": "Samira",
                "family_name": "Bakker",
                "subject": subject,
                "roles": ["counsellor"],
            }
        return self

    def get(self, path, **how):
        return self.client.get(path, base_url=VERIFIER_URL, **how)

    def token(self):
        """The token that every form of this session carries."""
        return re.search(r'name="csrf_token" value="([^"]+)"', self.get("/zaken/nieuw").text)[1]

    def post(self, path, data=None, *, token=None, **how):
        """Post as a form of a page does."""
        filled = {**(data or {}), "csrf_token": token or self.token()}
        return self.client.post(path, base_url=VERIFIER_URL, data=filled, **how)


def text_of(page):
    """The words of a page, without markup."""
    body = re.sub(r"<(head|svg|style).*?</\1>", " ", page.text, flags=re.DOTALL)
    body = re.sub(r"</?bdi>", "", body)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
