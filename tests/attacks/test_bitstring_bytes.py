"""How a Bitstring list is written and had: rows L10, L11 and L13 of security.md."""

import gzip
import json
import time
import zlib

import pytest

from tests.attacks import memory
from tests.attacks.identity import ENTRIES
from tests.attacks.listing import changed, inner, outer
from vckit.encoding import b64url_encode
from vckit.status import bitstring

pytestmark = pytest.mark.services

MALFORMED, UNREACHED = "MALFORMED_VALUE_ERROR", "STATUS_RETRIEVAL_ERROR"


def test_L10_a_list_that_inflates_without_end_is_refused(arena, identity, unlisted):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(1_048_576)) for _ in range(600)) + packer.flush()
    text = changed(identity, inner(encodedList="u" + b64url_encode(packed)))
    assert 500_000 < len(text) < 1_048_576
    before = sum(memory.resident(arena.world.services["verifier"]))
    begun = time.monotonic()
    unlisted(text, MALFORMED)
    assert time.monotonic() - begun < 2
    assert sum(memory.resident(arena.world.services["verifier"])) - before < memory.LIMIT


def test_L10_a_list_is_one_gzip_member(identity, unlisted):
    honest = gzip.compress(bytes(ENTRIES // 8), mtime=0)
    for packed in (
        honest + honest,
        honest + b"\0",
        honest[:-4],
        honest[:-1] + b"\1",
        zlib.compress(bytes(ENTRIES // 8)),
        bytes(ENTRIES // 8),
        b"",
    ):
        unlisted(changed(identity, inner(encodedList="u" + b64url_encode(packed))), MALFORMED)


def test_L11_a_list_is_written_as_it_says(identity, unlisted):
    honest = json.loads(identity.list("revocation"))["credentialSubject"]["encodedList"]
    for encoded in (honest[1:], "z" + honest[1:], honest + "==", "u+/", "u"):
        unlisted(changed(identity, inner(encodedList=encoded)), MALFORMED)


def test_L11_a_list_has_its_members(identity, unlisted):
    for change in (
        inner(encodedList=None),
        inner(statusPurpose=None),
        inner(ttl=-1),
        inner(description="de lijst"),
        outer(type=["VerifiableCredential"]),
        outer(credentialSubject=None),
        outer(evidence={"id": "urn:x", "type": "JsonSchema"}),
    ):
        unlisted(changed(identity, change), MALFORMED)
    for change in (inner(type=None), inner(type="Lijst"), outer(type="BitstringStatusList")):
        unlisted(changed(identity, change))


LIST = bitstring.MEDIA_TYPE
UNUSABLE = {
    "500": (500, "list", LIST),
    "404": (404, "", LIST),
    "204": (204, "", LIST),
    "redirect to nowhere": (302, "", LIST),
    "another media type": (200, "list", "text/html"),
    "a token's media type": (200, "list", "application/statuslist+jwt"),
    "too large": (200, "A" * 1_048_577, LIST),
}


@pytest.mark.parametrize("which", UNUSABLE)
def test_L13_a_list_that_cannot_be_had_leaves_the_status_unknown(
    identity, w3c_card, told, holds, which
):
    status, body, media_type = UNUSABLE[which]
    text = body.replace("list", identity.list("revocation"))
    page = identity.list_path("revocation")
    identity.town.pages[page] = lambda: (status, text.encode(), media_type)
    told(UNREACHED, w3c_card)
    holds(w3c_card)


def test_L13_a_redirect_to_elsewhere_is_not_followed(identity, w3c_card, told, holds, listener):
    path = identity.list_path("revocation")
    away = {"Location": f"{listener.origin}{path}"}
    identity.town.pages[path] = lambda: (302, b"", LIST, away)
    told(UNREACHED, w3c_card)
    assert listener.connections == 0
    holds(w3c_card)
