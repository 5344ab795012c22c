"""A municipality, a verifier and the network between them and the wallet, all in memory.

They are made of the kit's other halves, so the wallet meets what it would meet outside.
"""

from dataclasses import dataclass, field

from tests.vckit import participants, statements, w3c
from vckit import dcql, did, oauth, strict_json, x509
from vckit.data_model import EXPANDED_TYPES
from vckit.did import web
from vckit.errors import FetchError
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.network import Response
from vckit.openid4vci import credential, key_proof, metadata, offer
from vckit.openid4vp import client_id, request, response, vp_token
from vckit.status import StatusReference, bitstring, token_status_list
from vckit.trust import Scheme

NOW = statements.ISSUED + 60
DAY = participants.DAY
BOXTEL = "https://boxtel.example"
OTHER = "https://sint-michielsgestel.example"
VERIFIER = "https://schuldhulp.example"
JSON = "application/json"
CONFIGURATION = "schuldenopgave_sd_jwt"
# The W3C configurations, by what issues in them.
W3C = {
    "schuldenopgave_ldp_eddsa": "ldp_vc eddsa",
    "schuldenopgave_ldp_ecdsa": "ldp_vc ecdsa",
    "schuldenopgave_jwt_vc": "jwt_vc_json",
    "schuldenopgave_vc_jwt": "vc+jwt",
    "schuldenopgave_vc11": "ldp_vc 1.1",
}
PURPOSES = {"revocation": 1, "refresh": 2}
CODE = "the-code"
TX_CODE = "012345"


def json(value, status=200):
    return Response(status, strict_json.dumps(value), JSON)


class Network:
    """The Fetcher of the tests: addresses lead to handlers, and every request is written down."""

    def __init__(self):
        self.handlers = {}
        self.requests = []

    def serve(self, url, handler):
        self.handlers[url] = handler

    def get(self, url, *, accept, max_bytes, redirects=0):  # noqa: ARG002  as a Fetcher is called
        found = self._ask("GET", url, {})
        if found.status != 200 or len(found.body) > max_bytes:
            raise FetchError("the answer is not 200")
        return found

    def post(self, url, *, form=None, json=None, headers=None, max_bytes=1_048_576):
        answer = self._ask("POST", url, {"form": form, "json": json, "headers": headers or {}})
        if len(answer.body) > max_bytes:
            raise FetchError("the answer is too long")
        return answer

    def sent_to(self, url):
        return [given for method, address, given in self.requests if address == url]

    def _ask(self, method, url, given):
        self.requests.append((method, url, given))
        if url not in self.handlers:
            raise FetchError("nobody is there")
        return self.handlers[url](given)


@dataclass
class Municipality:
    """An issuer that gives one statement to whoever brings its code."""

    url: str = BOXTEL
    name: str = "Gemeente Boxtel"
    oin: str = statements.OIN
    debts: tuple = ()
    changes: dict = field(default_factory=dict)
    tx_code: str | None = None
    offered: tuple = (CONFIGURATION,)
    bits: bytearray = field(default_factory=lambda: bytearray(64))
    events: list = field(default_factory=list)

    def __post_init__(self):
        self.participant = participants.participant(self.url)
        self.es256, self.ed25519 = self.participant.key, PrivateKey.generate("EdDSA")
        self.did = web.of(self.url)
        self.published = {}
        self.vct = ""

    def entry(self):
        return participants.issuer_entry(
            self.participant,
            naam=self.name,
            oin=self.oin,
            certificaten=[x509.digest(self.participant.chain[1])],
            dids=[self.did],
        )

    def join(self, network, scheme):
        self.vct = scheme.vct("schuldenopgave")
        self.published = metadata.credential_issuer_metadata(self.url, self.configurations(), [])
        server = oauth.authorization_server_metadata(self.url, token_endpoint=f"{self.url}/token")
        network.serve(metadata.well_known_url(self.url), lambda _: json(self.published))
        network.serve(
            metadata.well_known_url(self.url, metadata.AUTHORIZATION_SERVER),
            lambda _: json(server),
        )
        network.serve(f"{self.url}/offers/1", lambda _: json(self.offer().to_json()))
        network.serve(f"{self.url}/token", self.token)
        network.serve(f"{self.url}/nonce", lambda _: json(key_proof.nonce_response("a-nonce")))
        network.serve(f"{self.url}/credential", self.credential)
        network.serve(f"{self.url}/notification", self.notification)
        network.serve(web.document_url(self.did, [self.url]), lambda _: json(self.did_document()))
        for name, purpose in PURPOSES.items():
            network.serve(self.status_uri(purpose), lambda _, p=purpose: self.status(p))
            network.serve(self.bitstring_uri(name), lambda _, n=name: self.bitstring(n))

    def configurations(self):
        types = metadata.credential_definition(["VerifiableCredential", "Schuldenopgave"])
        described = metadata.credential_configuration
        return {
            CONFIGURATION: described(dc_sd_jwt.FORMAT, {"vct": self.vct}, scope=CONFIGURATION),
            **{
                one: described(
                    w3c.ISSUING[kind][0], types, scope=one, binding_methods=["did:jwk", "did:key"]
                )
                for one, kind in W3C.items()
            },
        }

    def did_document(self):
        methods = [("es256", "JsonWebKey", self.es256.public_key)]
        methods.append(("ed25519", "Multikey", self.ed25519.public_key))
        return did.build_document(self.did, methods)

    def offer(self):
        expected = None if self.tx_code is None else offer.TxCode(length=len(self.tx_code))
        return offer.CredentialOffer(self.url, self.offered, CODE, expected)

    def link(self):
        return offer.by_reference(offer.DEFAULT_ENDPOINT, f"{self.url}/offers/1")

    def token(self, given):
        form = given["form"]
        if form.get("pre-authorized_code") != CODE or form.get("tx_code") != self.tx_code:
            return json({"error": "invalid_grant"}, 400)
        return json({"access_token": "token", "token_type": "bearer", "expires_in": 300})

    def credential(self, given):
        assert given["headers"]["Authorization"] == "Bearer token"
        [jwt] = given["json"]["proofs"]["jwt"]
        proof = key_proof.verify(jwt, audience=self.url, now=NOW)
        asked = given["json"]["credential_configuration_id"]
        if asked == CONFIGURATION:
            issued = self.issue(proof.holder_key)
        else:
            issued = self.issue_w3c(W3C[asked], proof.holder_id)
        return json(credential.response([issued], "notification-1"))

    def notification(self, given):
        self.events.append(given["json"]["event"])
        return Response(204, b"", "")

    def terms(self):
        stated = {
            "aangeleverd_door": {"naam": self.name, "oin": self.oin},
            "vernieuwing_uri": self.status_uri(2),
            **self.changes,
        }
        return statements.terms(*self.debts, **stated)

    def issue(self, holder_key, **members):
        return dc_sd_jwt.issue(
            self.terms(),
            **{
                "vct": self.vct,
                "vct_integrity": None,
                "issuer": self.url,
                "chain": self.participant.chain,
                "signer": self.participant.key,
                "holder_key": holder_key,
                "revocation": StatusReference("revocation", self.status_uri(1), 5),
                "issued_at": statements.ISSUED,
                "expires": NOW + 20 * DAY,
                **members,
            },
        )

    def issue_w3c(self, kind, holder_id, **members):
        """As the credential stands in the response; `members` are those of the envelope."""
        statuses = [
            StatusReference(name, self.bitstring_uri(name), index, bitstring.MEMBER)
            for name, index in (("revocation", 5), ("refresh", 7))
        ]
        stated = {
            "issuer": self.did,
            "holder_id": holder_id,
            "statuses": tuple(statuses),
            "expires": NOW + 20 * DAY,
            **members,
        }
        terms = {name: value for name, value in self.terms().items() if name != "bsn"}
        text = w3c.ISSUING[kind][1](terms, w3c.envelope(**stated), self)
        return w3c.Kind(kind).entry(text)

    def bitstring_uri(self, purpose):
        return f"{self.url}/status/bitstring/{purpose}"

    def bitstring(self, purpose):
        text = bitstring.issue(
            uri=self.bitstring_uri(purpose),
            purpose=purpose,
            data=bytes(self.bits).ljust(token_status_list.MINIMUM_ENTRIES // 8, bytes(1)),
            issuer_did=self.did,
            verification_method=f"{self.did}#ed25519",
            signer=self.ed25519,
            issued_at=NOW - 60,
            expires=NOW + DAY,
            json_ld=w3c.JSON_LD,
        )
        return Response(200, text.encode(), bitstring.MEDIA_TYPE)

    def status_uri(self, purpose):
        return f"{self.url}/status/{purpose}"

    def withdraw(self):
        token_status_list.set_bit(self.bits, 5, 1)

    def supersede(self):
        token_status_list.set_bit(self.bits, 7, 1)

    def status(self, purpose):
        token = token_status_list.issue(
            uri=self.status_uri(purpose),
            data=bytes(self.bits),
            signer=self.participant.key,
            header={"x5c": self.participant.x5c},
            issued_at=NOW - 60,
            expires=NOW + DAY,
            ttl=900,
        )
        return Response(200, token.encode(), token_status_list.MEDIA_TYPE)


QUERY = {
    "credentials": [
        {
            "id": "rijk",
            "format": "dc+sd-jwt",
            "meta": {"vct_values": ["to be filled in"]},
            "multiple": True,
            "claims": [
                {"id": "naam", "path": ["geslachtsnaam"]},
                {"id": "geboren", "path": ["geboortedatum"]},
                {"id": "schulden", "path": ["vorderingen", None, "saldo"]},
            ],
            "claim_sets": [["naam", "geboren", "schulden"], ["naam", "geboren"]],
        }
    ]
}


def w3c_query(credential_format, query_id="w3c"):
    """The same question for a W3C format, from the root of the credential."""
    [asked] = QUERY["credentials"]
    claims = [{**one, "path": ["credentialSubject", *one["path"]]} for one in asked["claims"]]
    types = [list(EXPANDED_TYPES)]
    return {
        **asked,
        "id": query_id,
        "format": credential_format,
        "meta": {"type_values": types},
        "claims": claims,
    }


@dataclass
class Counsellor:
    """A verifier with one open request; `answers` holds what wallets sent."""

    url: str = VERIFIER
    response_mode: str = "direct_post.jwt"
    signed_changes: dict = field(default_factory=dict)
    answers: list = field(default_factory=list)
    redirect_uri: str | None = None
    by_did: bool = False
    by_host: bool = False
    uses: tuple = ("authentication",)

    def __post_init__(self):
        self.participant = participants.participant(self.url)
        self.response_key = PrivateKey.generate("ES256")
        self.query = QUERY
        self.did = web.of(self.url)

    @property
    def client_id(self):
        if self.by_did:
            return client_id.decentralized_identifier_client_id(self.did)
        if self.by_host:
            host = self.url.removeprefix("https://")
            return client_id.x509_san_dns_client_id(self.participant.leaf, host)
        return client_id.x509_hash_client_id(self.participant.leaf)

    def entry(self):
        return participants.verifier_entry(self.participant, dids=[self.did])

    def did_document(self):
        method = ("request", "JsonWebKey", self.participant.key.public_key)
        return did.build_document(self.did, [method], self.uses)

    def join(self, network, scheme):
        [asked] = QUERY["credentials"]
        vct = {"vct_values": [scheme.vct("schuldenopgave")]}
        self.query = {"credentials": [{**asked, "meta": vct}]}
        network.serve(web.document_url(self.did, [self.url]), lambda _: json(self.did_document()))
        network.serve(f"{self.url}/request", self.request_object)
        network.serve(f"{self.url}/response", self.receive)

    def link(self):
        uri = f"{self.url}/request"
        return request.by_reference(request.DEFAULT_ENDPOINT, self.client_id, uri)

    def request(self, **members):
        return request.AuthorizationRequest(
            **{
                "client_id": self.client_id,
                "response_uri": f"{self.url}/response",
                "response_mode": self.response_mode,
                "nonce": "nonce-1",
                "state": "state-1",
                "dcql_query": self.query,
                "client_metadata": request.client_metadata(self.response_key.public),
                "issued_at": NOW,
                "expires": NOW + 300,
                **members,
            }
        )

    def request_object(self, given):
        form = given.get("form") or {}
        named = {"chain": self.participant.chain}
        if self.by_did:
            named = {"kid": f"{self.did}#request"}
        signed = request.sign(
            self.request(**self.signed_changes),
            signer=self.participant.key,
            **named,
            wallet_nonce=form.get("wallet_nonce"),
        )
        return Response(200, signed.encode(), request.MEDIA_TYPE)

    def receive(self, given):
        self.answers.append(
            response.read(
                given["form"],
                response.Asked(
                    self.response_mode,
                    "state-1",
                    self.response_key,
                    self.response_key.public.thumbprint(),
                ),
            )
        )
        return json(response.answer(self.redirect_uri))

    def presentations(self):
        """The presentations of the last answer, by query id."""
        return vp_token.parse(self.answers[-1].vp_token, dcql.parse(self.query))


@dataclass(frozen=True)
class Setting:
    """A network with two municipalities and a verifier of one scheme."""

    network: Network
    scheme: Scheme
    boxtel: Municipality
    other: Municipality
    counsellor: Counsellor
    operator: PrivateKey


def setting(*, debts=(), strangers=False, urls=(BOXTEL, OTHER, VERIFIER)):
    """Let everybody join; with `strangers` the verifier is not on the scheme."""
    first, second, asker = urls
    debts = debts or (statements.debt(1), statements.debt(2, saldo=100, hoofdsom=None))
    boxtel, counsellor = Municipality(first, debts=debts), Counsellor(asker)
    other = Municipality(
        second, "Gemeente Sint-Michielsgestel", "00000001007654321000", (statements.debt(3),)
    )
    asking = [] if strangers else [counsellor.entry()]
    operator = PrivateKey.generate("EdDSA")
    entries = [boxtel.entry(), other.entry(), *asking]
    scheme = participants.scheme(operator, *entries)
    network = Network()
    for one in (boxtel, other, counsellor):
        one.join(network, scheme)
    return Setting(network, scheme, boxtel, other, counsellor, operator)
