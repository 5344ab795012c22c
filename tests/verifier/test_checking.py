"""`check`: what a file is, whether it holds, and why."""

import pytest

from tests.documents import seal_chain, sealed
from tests.vckit.statements import debt
from tests.verifier import world as worlds
from vckit import x509
from vckit.errors import ConfigurationError
from verifier.checking import check_file


@pytest.fixture
def world(tmp_path):
    return worlds.build(tmp_path, seals=[x509.digest(seal_chain()[-1])])


@pytest.fixture
def check(world):
    def check(content):
        path = world.folder / "bestand"
        path.write_bytes(content)
        return check_file(path, world.config, world.now, world.network)

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


@pytest.mark.parametrize("content", [b"", b"hallo", b"\xff\xfe", b"eyJhbGciOiJub25lIn0.e30.~"])
def test_anything_else_is_said_to_be_unknown(check, content):
    verdict = check(content)
    assert (verdict.kind, verdict.holds) == ("onbekend bestand", False)


def test_a_file_that_is_absent_or_too_large_is_told(world, check):
    with pytest.raises(ConfigurationError):
        check_file(world.folder / "weg", world.config, world.now, world.network)
    with pytest.raises(ConfigurationError):
        check(bytes(10 * 1024 * 1024 + 1))
