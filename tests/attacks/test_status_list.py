"""Status lists that an issuer serves: rows L of security.md.

The issuer is one of the scheme whose server is ours, so it can serve what no honest one would.
"""

import time

import pytest

from tests.attacks.holder import new_key
from tests.attacks.judging import counts, finding
from tests.attacks.town import DAY, ENTRIES
from vckit import x509
from vckit.status import StatusReference, token_status_list

pytestmark = pytest.mark.services

UNVERIFIED, UNREACHED = "STATUS_VERIFICATION_ERROR", "STATUS_RETRIEVAL_ERROR"
MALFORMED, REVOKED, SUPERSEDED = "MALFORMED_VALUE_ERROR", "revoked", "superseded"

PLACES = (0, 7, 8, 65_539, ENTRIES - 1)


@pytest.mark.parametrize("index", PLACES)
def test_L01_a_marked_index_is_revoked_and_its_mirror_is_not(
    arena_counsellor, resident, town, told, index
):
    """Bits count from the least significant one of each byte (Token Status List 4.1)."""
    mirror = index - index % 8 + (7 - index % 8)
    marked, other = town.card(resident, index=index), town.card(resident, index=mirror)
    counts(arena_counsellor.open(resident), marked)
    town.mark("revocation", index)
    told(REVOKED, marked)
    counts(arena_counsellor.open(resident), other)


def test_L01_a_marked_refresh_is_outdated_with_its_amount(
    arena_counsellor, resident, town, listed, told
):
    counts(arena_counsellor.open(resident), listed)
    town.mark("refresh", town.used)
    told(SUPERSEDED)


def test_L01_an_index_outside_the_list_is_unknown(resident, town, told):
    told(UNVERIFIED, town.card(resident, index=ENTRIES))


def test_L05_a_list_is_signed_by_the_credentials_issuer(arena, town, unverified):
    attacker, now = new_key(), int(time.time()) - 60
    own = {"x5c": x509.to_x5c(arena.vreemd.certified(attacker, uri=town.url))}
    self_signed = x509.create_authority(town.name, attacker, now=now, days=5)
    other = x509.to_x5c(arena.eiken.chain)
    for signer, header in (
        (attacker, own),
        (attacker, {}),
        (attacker, {"x5c": x509.to_x5c(town.chain)}),
        (attacker, {"jwk": attacker.public.to_jwk()}),
        (attacker, {"x5c": x509.to_x5c((self_signed,))}),
        (arena.eiken.key, {"x5c": other}),
        (arena.eiken.key, {}),
        (arena.eiken.key, {"x5c": x509.to_x5c(town.chain)}),
        (
            arena.eiken.key,
            {"x5c": x509.to_x5c(arena.eiken.certified(arena.eiken.key, uri=town.url))},
        ),
    ):
        unverified(town.token("revocation", signer=signer, header=header))


def test_L05_a_newer_certificate_of_the_same_issuer_is_taken(
    arena_counsellor, resident, town, listed
):
    newer = new_key()
    header = {"x5c": x509.to_x5c(town.certified(newer))}
    town.serve("revocation", lambda: town.token("revocation", signer=newer, header=header))
    counts(arena_counsellor.open(resident), listed)


def test_L05_a_list_of_another_address_is_refused(arena, town, unverified):
    unverified(town.token("revocation", uri=town.list_uri("refresh")))
    unverified(town.token("revocation", uri=arena.eiken.list_uri("revocation")))
    unverified(town.token("revocation", uri=town.list_uri("revocation") + "/"))


def test_L07_an_older_list_takes_no_revocation_back(town, told):
    town.mark("revocation", town.used)
    told(REVOKED)
    earlier, clean = int(time.time()) - 3_600, bytearray(ENTRIES // 8)
    town.serve("revocation", lambda: town.token("revocation", data=clean, issued_at=earlier))
    told(REVOKED)


def test_L08_a_list_that_has_ended_is_none(town, told, holds):
    now = int(time.time())
    past = {"issued_at": now - 2 * DAY, "expires": now - DAY}
    town.serve("revocation", lambda: town.token("revocation", **past))
    told(UNREACHED)
    holds()


LIST = token_status_list.MEDIA_TYPE
UNUSABLE = {
    "500": (500, "token", LIST),
    "404": (404, "", LIST),
    "204": (204, "", LIST),
    "redirect to nowhere": (302, "", LIST),
    "another media type": (200, "token", "text/html"),
    "too large": (200, "A" * 1_048_577, LIST),
}


@pytest.mark.parametrize("which", UNUSABLE)
def test_L13_a_list_that_cannot_be_had_leaves_the_status_unknown(town, told, holds, which):
    status, body, media_type = UNUSABLE[which]
    text = body.replace("token", town.token("revocation"))
    town.pages["/status/revocation"] = lambda: (status, text.encode(), media_type)
    told(UNREACHED)
    holds()


def test_L13_a_redirect_to_elsewhere_is_not_followed(town, told, holds, listener):
    away = {"Location": f"{listener.origin}/status/revocation"}
    town.pages["/status/revocation"] = lambda: (302, b"", LIST, away)
    told(UNREACHED)
    assert listener.connections == 0
    holds()


def test_L13_two_redirects_at_the_issuer_itself_are_followed(town, holds):
    """The twin: within its own origin an issuer may move its list."""
    for step, target in (("revocation", "a"), ("a", "b")):
        there = {"Location": f"{town.url}/status/{target}"}
        town.pages[f"/status/{step}"] = lambda there=there: (302, b"", LIST, there)
    town.serve("b", lambda: town.token("revocation"))
    holds(publish=False)


def test_L14_a_statement_without_a_status_is_refused(arena, arena_counsellor, resident, listed):
    company = arena.eiken.card(resident)
    for changes in (
        {"status": None},
        {"status": {}},
        {"vernieuwing_uri": None, "vernieuwing_index": None},
    ):
        forged = arena.linden.forged(listed, **changes)
        case = arena_counsellor.open(resident)
        finding(
            case,
            company,
            lambda asked, one=forged: one.present(asked.client_id, asked.nonce),
            MALFORMED,
        )
    counts(arena_counsellor.open(resident), company, listed)


def test_L16_a_list_is_asked_at_the_issuers_own_address_only(resident, town, told, listener):
    port = town.url.rpartition(":")[2]
    for uri in (
        f"{listener.origin}/status/revocation",
        "file:///etc/hostname",
        f"http://linden@localhost:{port}/status/revocation",
        f"http://127.0.0.1:{port}/status/revocation",
        f"https://localhost:{port}/status/revocation",
        f"{town.url}.elders.example/status/revocation",
        f"http://localhost:{port}@{listener.origin.removeprefix('http://')}/status",
        "//localhost/status",
        "",
    ):
        reference = StatusReference("revocation", uri, 5)
        told(UNVERIFIED, town.card(resident, revocation=reference))
    assert listener.connections == 0


def test_L17_asking_a_list_tells_nothing_about_whom(arena_counsellor, resident, town, listed):
    town.server.calls.clear()
    counts(arena_counsellor.open(resident), listed)
    asked = [(call.method, call.target) for call in town.server.calls]
    assert asked == [("GET", "/status/revocation"), ("GET", "/status/refresh")]
    for call in town.server.calls:
        assert set(call.headers) <= {
            "Host",
            "Accept",
            "Accept-Encoding",
            "User-Agent",
            "Connection",
        }
        assert call.headers["User-Agent"] == "blauwe-knop"
        assert not call.body
