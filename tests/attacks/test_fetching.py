"""Every way out of the verifier: rows W02, W04, W08, W11 and W19 of security.md.

The names, addresses and certificates are those of `tests.attacks.outside`.
"""

import gzip
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.attacks.counsellor import respond
from tests.attacks.exchange import SECONDS, send
from tests.attacks.identity import DID_MEDIA_TYPE
from tests.attacks.judging import counts
from tests.attacks.outside import INNER, NAME, PUBLIC
from tests.attacks.presenting import shown
from vckit import strict_json

pytestmark = pytest.mark.services

DOCUMENT = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"
ALL_HEADERS = {"Host", "Accept", "Accept-Encoding", "User-Agent", "Connection"}
MAX_BYTES = 65_536
TOTAL_SECONDS = 5  # security.md "Resource budgets": one fetch.


def test_W02_a_name_that_leads_inside_is_not_connected_to(identity, resident, outside, all_told):
    """All answers of a look-up are judged: one address inside is enough to refuse it."""
    before, hostile = len(outside.noted()), {}
    for name in INNER:
        did = outside.did("inner", f"{name}.attack.example")
        card = identity.card(resident, "jwt_vc", issuer=did, method=f"{did}#ES256")
        hostile[name] = shown(card)
    all_told(hostile, DOCUMENT)
    noted = outside.noted()[before:]
    assert {f"lookup {name}.attack.example" for name in INNER} <= set(noted)
    assert not [one for one in noted if one.startswith("connect")]
    assert outside.inner.connections == 0


@pytest.mark.parametrize("kind", ["eddsa", "ecdsa", "jwt_vc", "vc_jwt"])
def test_W02_twin_a_name_that_leads_to_a_public_address_is_asked(
    case, resident, outside, foreign, kind
):
    before = len(outside.noted())
    counts(case, foreign().card(resident, kind))
    port = outside.hosts["good"].port
    assert outside.noted()[before:] == [f"lookup {NAME}", f"connect {PUBLIC} {port}"]


def targets(outside, path):
    """W04: where a document must not lead us."""
    good, inner = outside.hosts["good"], outside.inner
    return {
        "inside": f"http://localhost:{inner.port}/did.json",
        "inside by name": f"https://loopback.attack.example:{inner.port}/did.json",
        "http": f"http://{NAME}:{good.port}{path}",
        "another host": f"https://elders.attack.example:{good.port}/did.json",
        "itself": f"https://{NAME}:{good.port}{path}",
        "beside it": f"https://{NAME}:{good.port}/verder/did.json",
        "file": "file:///etc/hostname",
        "relative": "/verder/did.json",
    }


def test_W04_no_redirect_of_a_document_is_followed(resident, outside, foreign, all_told):
    statuses, hostile = (301, 302, 303, 307, 308), {}
    outside.pages["/verder/did.json"] = lambda: (200, b"{}", DID_MEDIA_TYPE)
    for number, name in enumerate(targets(outside, "")):
        elsewhere = foreign()
        page, status = elsewhere.document_path, statuses[number % len(statuses)]
        away = {"Location": targets(outside, page)[name]}
        body = strict_json.dumps(elsewhere.document())
        outside.pages[page] = lambda status=status, body=body, away=away: (
            status,
            body,
            DID_MEDIA_TYPE,
            away,
        )
        hostile[f"{status} to {name}"] = shown(elsewhere.card(resident, "jwt_vc"))
    all_told(hostile, DOCUMENT)
    asked = [call.target for call in outside.hosts["good"].calls]
    assert "/verder/did.json" not in asked
    assert outside.inner.connections == 0


@pytest.mark.parametrize("status", [201, 204, 400, 401, 404, 500, 503])
def test_W04_only_200_is_an_answer(resident, outside, foreign, found, status):
    elsewhere = foreign()
    body = strict_json.dumps(elsewhere.document())
    outside.pages[elsewhere.document_path] = lambda: (status, body, DID_MEDIA_TYPE)
    found(shown(elsewhere.card(resident, "jwt_vc")), DOCUMENT)


def padded(identity, size):
    """The document with white space up to so many bytes."""
    return strict_json.dumps(identity.document()).ljust(size)


def test_W08_a_document_of_64_KiB_is_read_and_a_byte_more_is_not(
    arena_counsellor, resident, outside, foreign, all_told
):
    fits, larger, largest = foreign(), foreign(), foreign()
    for elsewhere, size in ((fits, MAX_BYTES), (larger, MAX_BYTES + 1), (largest, 30_000_000)):
        body = padded(elsewhere, size)
        outside.pages[elsewhere.document_path] = lambda body=body: (200, body, DID_MEDIA_TYPE)
    cards = {"larger": larger, "largest": largest}
    all_told({n: shown(one.card(resident, "jwt_vc")) for n, one in cards.items()}, DOCUMENT)
    counts(arena_counsellor.open(resident), fits.card(resident))


def test_W08_a_compressed_document_was_not_asked_for(resident, outside, foreign, found):
    elsewhere = foreign()
    for body in (
        gzip.compress(strict_json.dumps(elsewhere.document())),
        gzip.compress(bytes(20_000_000)),
    ):
        outside.pages[elsewhere.document_path] = lambda body=body: (
            200,
            body,
            DID_MEDIA_TYPE,
            {"Content-Encoding": "gzip"},
        )
        found(shown(elsewhere.card(resident, "jwt_vc")), DOCUMENT)


def endless(handler):
    """A document that never ends: a gibibyte if anybody would have it."""
    begin(handler)
    for _ in range(1_024):
        chunk(handler, b" " * 1_048_576)


def drop_by_drop(handler):
    """A byte now and then."""
    begin(handler)
    for _ in range(200):
        chunk(handler, b" ")
        time.sleep(0.1)


def begin(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", DID_MEDIA_TYPE)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()


def chunk(handler, data):
    handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    handler.wfile.flush()


def silence(_handler):
    time.sleep(TOTAL_SECONDS + 2)


def test_W08_a_stream_without_end_is_cut_at_the_limit(resident, outside, foreign, found):
    elsewhere = foreign()
    outside.slow[elsewhere.document_path] = endless
    found(shown(elsewhere.card(resident, "jwt_vc")), DOCUMENT)


def test_W08_a_slow_document_is_cut_in_five_seconds_and_holds_up_nobody(
    arena, arena_counsellor, resident, outside, foreign
):
    waiting = []
    for make in (drop_by_drop, silence):
        elsewhere, case = foreign(), arena_counsellor.open(resident)
        outside.slow[elsewhere.document_path] = make
        asked = case.ask()
        entry = elsewhere.card(resident, "jwt_vc").present(asked.client_id, asked.nonce)
        waiting.append((case, asked, entry))
    with ThreadPoolExecutor(len(waiting)) as pool:
        given = [pool.submit(respond, asked, entry) for _, asked, entry in waiting]
        time.sleep(0.5)
        for _ in range(3):
            begun = time.monotonic()
            counts(arena_counsellor.open(resident), arena.eiken.card(resident))
            healthy = send("GET", f"{arena.world.url('verifier')}/healthz")
            assert (healthy.status, time.monotonic() - begun < SECONDS) == (200, True)
        answers = [one.result() for one in given]
    for (case, _, _), answer in zip(waiting, answers, strict=True):
        assert answer.status == 200
        assert answer.seconds < TOTAL_SECONDS + 1.5
        assert case.reasons() == [DOCUMENT]


def test_W11_a_host_that_cannot_prove_its_name_is_not_asked(resident, outside, foreign, all_told):
    hosts = [name for name in outside.hosts if name not in {"good", "inner"}]
    assert len(hosts) == 5
    all_told({one: shown(foreign(one).card(resident, "jwt_vc")) for one in hosts}, DOCUMENT)
    for name in hosts:
        assert outside.hosts[name].connections > 0
        assert outside.hosts[name].calls == []


def test_W11_plain_http_is_no_answer_to_https(resident, outside, foreign, found):
    did = outside.did("inner", NAME)
    found(shown(foreign(did=did).card(resident, "jwt_vc")), DOCUMENT)
    assert outside.inner.calls == []


def test_W19_a_fetch_tells_nothing_of_whom_it_is_about(case, resident, outside, foreign):
    elsewhere = foreign()
    card = elsewhere.card(resident, holder=None)
    calls = [outside.hosts["good"].calls, elsewhere.town.server.calls]
    for each in calls:
        each.clear()
    counts(case, card)
    document, lists = calls
    assert [(one.method, one.target) for one in document] == [("GET", elsewhere.document_path)]
    assert [one.target for one in lists] == [
        elsewhere.list_path(purpose) for purpose in ("revocation", "refresh")
    ]
    secret = (resident.bsn, resident.family_name, card.document["id"], case.url.rpartition("/")[2])
    for call in (*document, *lists):
        assert set(call.headers) <= ALL_HEADERS
        assert call.headers["User-Agent"] == "blauwe-knop"
        assert call.headers["Accept-Encoding"] == "identity"
        assert not call.body
        said = call.target + repr(call.headers)
        assert not [one for one in secret if one in said]


def test_W19_every_person_looks_the_same(arena, arena_counsellor):
    """The requests about two persons are equal, letter by letter."""
    seen = []
    for resident in arena.world.residents[:2]:
        calls = arena.linden.server.calls
        calls.clear()
        counts(arena_counsellor.open(resident), arena.linden.identity.card(resident))
        lists = [one for one in calls if "/status/" in one.target]
        seen.append([(one.method, one.target, one.headers, one.body) for one in lists])
    assert seen[0] == seen[1]
