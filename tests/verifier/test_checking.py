"""`check`: what a file is, whether it holds, and why."""

import json
import sys

import pytest

from tests.documents import seal_chain, sealed
from tests.vckit.statements import debt
from tests.verifier import w3c
from tests.verifier import world as worlds
from vckit import x509
from vckit.data_integrity import didkit_child
from vckit.errors import ConfigurationError
from verifier.checking import check_file
from verifier.foreign_file import ForeignFile


@pytest.fixture
def world(tmp_path):
    return worlds.build(tmp_path, seals=[x509.digest(seal_chain()[-1])])


@pytest.fixture
def check(world):
    def check(content, **child):
        path = world.folder / "bestand"
        path.write_bytes(content)
        return check_file(ForeignFile.read(path), world.config, world.now, world.network, **child)

    return check


@pytest.fixture
def card(world, wallet):
    return wallet.card(world.boxtel, debt(1))


def test_a_credential_that_holds(check, card):
    verdict = check(card.text.encode() + b"\n")
    assert verdict.holds
    assert verdict.lines[:2] == ["Soort:  schuldenopgave van een wallet (SD-JWT VC)", "Klopt:  ja"]
    assert "niet ingetrokken, stand van 21 november 2026" in verdict.explanation
    assert "Saldo:  € 429,00" in verdict.lines
    assert verdict.to_json()["outstanding"] == 42_900


def test_a_presentation_is_read_without_its_binding(office, world, wallet, check, card):
    from tests.verifier.wallet import begin

    asked = wallet.fetch(begin(office, world)[1])
    assert check(card.present(asked, now=world.now).encode()).holds


def test_a_withdrawn_credential_does_not_hold(world, check, card):
    world.boxtel.mark("revocation", card.index)
    verdict = check(card.text.encode())
    assert (verdict.holds, verdict.reason) == (False, "revoked")
    assert "Klopt:  nee" in verdict.lines
    assert verdict.to_json()["organisation"] == "Gemeente Boxtel"


def test_a_changed_credential_does_not_hold(check, card):
    jwt, tilde, rest = card.text.partition("~")
    head, dot, signature = jwt.rpartition(".")
    changed = ("A" if signature[0] != "A" else "B") + signature[1:]
    verdict = check((head + dot + changed + tilde + rest).encode())
    assert (verdict.holds, verdict.reason) == (False, "CRYPTOGRAPHIC_SECURITY_ERROR")


def test_an_unreachable_list_is_told(world, check, card):
    world.network.pages.clear()
    assert check(card.text.encode()).reason == "STATUS_RETRIEVAL_ERROR"


def test_a_sealed_document_that_holds(world, check):
    verdict = check(sealed(credential=world.boxtel.state(debt(1)).text))
    assert (verdict.kind, verdict.holds) == ("gewaarmerkte pdf", True)


def test_a_changed_document_does_not_hold(world, check):
    document = bytearray(sealed(credential=world.boxtel.state(debt(1)).text))
    document[len(document) // 3] ^= 1
    verdict = check(bytes(document))
    assert not verdict.holds
    assert verdict.explanation
    assert verdict.to_json()["outstanding"] is None


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("ldp_eddsa", "W3C, Data Integrity"),
        ("ldp_ecdsa", "W3C, Data Integrity"),
        ("jwt_vc", "W3C 1.1, JWT"),
        ("vc_jwt", "W3C 2.0, JWT"),
    ],
)
def test_a_credential_of_every_format_is_told(world, wallet, check, kind, what):
    card = w3c.state(kind, world.boxtel, debt(1), holder=wallet.key)
    verdict = check(card.text.encode())
    assert verdict.lines[:2] == [f"Soort:  schuldenopgave van een wallet ({what})", "Klopt:  ja"]
    assert "Saldo:  € 429,00" in verdict.lines
    assert verdict.to_json()["second_opinion"] is None
    world.boxtel.mark("revocation", card.index)
    assert check(card.text.encode()).reason == "revoked"


def test_a_document_of_every_format_is_told(world, check):
    for kind in w3c.KINDS:
        assert check(w3c.state(kind, world.boxtel, debt(1)).text.encode()).holds


def test_a_changed_json_credential_does_not_hold(world, wallet, check):
    text = w3c.state("ldp_eddsa", world.boxtel, debt(1), holder=wallet.key).text
    verdict = check(text.replace("42900", "42901").encode())
    assert (verdict.holds, verdict.reason) == (False, "CRYPTOGRAPHIC_SECURITY_ERROR")
    assert check(json.dumps(json.loads(text), indent=2).encode()).holds


def test_a_credential_of_a_stranger_is_told_and_its_host_is_not_asked(world, wallet, check):
    card = w3c.state("ldp_eddsa", world.stranger, debt(1), holder=wallet.key)
    verdict = check(card.text.encode())
    assert (verdict.holds, verdict.reason) == (False, "untrusted_issuer")
    assert "did:web:vreemd.example" in verdict.explanation
    assert world.network.fetched == []


@pytest.fixture
def vc11(world, wallet):
    return w3c.state("vc11", world.boxtel, debt(1), holder=wallet.key)


def answering(program):
    """didkit's child, replaced by another program."""
    return didkit_child.Child(command=(sys.executable, "-I", "-c", program), seconds=5)


@pytest.mark.parametrize(
    ("program", "second", "line"),
    [
        ("print('{\"agrees\":true}')", "agrees", "tweede controle (didkit): akkoord"),
        ("print('{\"agrees\":false}')", "disagrees", "tweede controle (didkit): niet akkoord"),
        ("import os; os.abort()", "unavailable", "tweede controle niet beschikbaar"),
        ("print('onzin')", "unavailable", "tweede controle niet beschikbaar"),
    ],
)
def test_what_didkit_says_or_fails_to_say_changes_nothing_else(check, vc11, program, second, line):
    verdict = check(vc11.text.encode(), child=answering(program))
    assert (verdict.holds, verdict.second) == (True, second)
    assert line in verdict.lines
    assert verdict.to_json()["second_opinion"] == second


def test_didkit_itself_is_asked_about_data_model_1_1(check, vc11):
    verdict = check(vc11.text.encode())
    assert (verdict.holds, verdict.second) == (True, "agrees")
    changed = check(vc11.text.replace("42900", "42901").encode())
    assert (changed.holds, changed.second) == (False, "disagrees")


@pytest.mark.parametrize("content", [b"", b"hallo", b"\xff\xfe", b"eyJhbGciOiJub25lIn0.e30.~"])
def test_anything_else_is_said_to_be_unknown(check, content):
    verdict = check(content)
    assert (verdict.kind, verdict.holds) == ("onbekend bestand", False)


def test_a_file_that_is_absent_or_too_large_is_told(world, check):
    with pytest.raises(ConfigurationError):
        check_file(ForeignFile.read(world.folder / "weg"), world.config, world.now, world.network)
    with pytest.raises(ConfigurationError):
        check(bytes(10 * 1024 * 1024 + 1))
