"""A wallet that speaks to the verifier's app, made of the kit's other halves."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.verifier.world import VERIFIER_URL, World
from vckit.did import parse_document
from vckit.keys import PrivateKey
from vckit.openid4vp import request, response
from vckit.openid4vp.client_id import Verifier
from verifier import asking, tickets
from verifier.requestbook import FACE_TO_FACE

OWNER = "samira"


@dataclass
class Wallet:
    """One holder; `key` is the key of every card in it."""

    world: World
    client: Any

    def __post_init__(self):
        self.key = PrivateKey.generate("ES256")

    def card(self, municipality, *debts, **changes):
        return municipality.state(*debts, holder=changes.pop("holder", self.key), **changes)

    def fetch(self, started, *, wallet_nonce=None, link=None, ticket=None):
        """The verified request of a link, as a wallet gets it."""
        given = request.parse_link(link) if link else None
        if isinstance(given, dict):
            return request.verify_by_value(given)
        path = f"{asking.REQUEST_PATH}/{started.id}"
        if started.way.name == FACE_TO_FACE:
            path += f"/{ticket or tickets.make(started, self.world.now, tickets.ROTATING)}"
        if wallet_nonce:
            form = {"wallet_nonce": wallet_nonce}
            answer = self.client.post(path, base_url=VERIFIER_URL, data=form)
        else:
            answer = self.client.get(path, base_url=VERIFIER_URL)
        assert answer.status_code == 200, answer.text
        assert answer.content_type == request.MEDIA_TYPE
        return request.verify(
            answer.text,
            expected_client_id=started.client_id,
            now=self.world.now,
            trust=lambda chain: self.world.scheme.verifier(chain, self.world.now),
            resolve_did=self._resolve_did,
            wallet_nonce=wallet_nonce,
        )

    def _resolve_did(self, did, did_url):
        document = self.client.get("/.well-known/did.json", base_url=VERIFIER_URL)
        key = parse_document(document.data, did).key(did_url, "assertionMethod", now=self.world.now)
        return Verifier(self.world.scheme.verifier_of_did(did, self.world.now), key)

    def form(self, asked, *texts, **token):
        vp_token = token or {"schuldenopgave_sd_jwt": list(texts)}
        return response.build(vp_token, asked)

    def post(self, asked, form):
        path = urlsplit(asked.response_uri).path
        return self.client.post(path, base_url=VERIFIER_URL, data=form)

    def send(self, asked, *cards, **how):
        """Present these cards in answer to a request."""
        texts = [card.present(asked, now=self.world.now, **how) for card in cards]
        return self.post(asked, self.form(asked, *texts))


def begin(
    office, world, *, person=None, response_mode="direct_post.jwt", prefix=None, formats=None
):
    """A case of OWNER over all organisations, and its first request."""
    case = asking.open_case(
        office,
        owner=OWNER,
        person=person,
        chosen=asking.organisations(office, world.now),
        now=world.now,
    )
    started = asking.ask(
        office, case, prefix=prefix, formats=formats, response_mode=response_mode, now=world.now
    )
    return case, started
