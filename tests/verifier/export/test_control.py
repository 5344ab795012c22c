"""The controlerapport: whose it is, that it holds, and that no change in it goes unseen."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from tests.vckit import participants
from tests.vckit.statements import debt
from tests.verifier.evidence import BOXTEL, GESTEL, accepted, rejected
from tests.verifier.exported import BESIDE, content
from tests.verifier.world import DAY, private, replaced
from vckit import jose, strict_json, x509
from vckit.adapters.settings import SigningKey
from vckit.errors import (
    ConfigurationError,
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
    UntrustedIssuerError,
)
from vckit.keys import PrivateKey
from verifier.checking import check_file
from verifier.export import control, pages
from verifier.export.control import Reporter
from verifier.foreign_file import ForeignFile
from verifier.opening import open_report_key, open_request_key

MADE = (
    "Waarom: Gemaakt en ondertekend door Schuldhulp Proef op 24 november 2026, "
    "getoetst aan versie 3 van het schema."
)
FINDINGS = (accepted(BOXTEL, debt(1, omschrijving="Rioolheffing Łucja 漢"), digest="digest-b"),)


@pytest.fixture
def reporter(world):
    return Reporter(*open_report_key(world.config, world.scheme, world.now), world.scheme)


@pytest.fixture
def check(world):
    def check(document):
        path = world.folder / "rapport"
        path.write_bytes(document)
        return check_file(ForeignFile.read(path), world.config, world.now, world.network)

    return check


def read(document, world):
    return control.verify_json(document, world.scheme, world.now)


def signed(payload, reporter, **header):
    """The file that a key signs, whatever the payload is."""
    full = {"typ": control.TYP, "x5c": x509.to_x5c(reporter.chain), **header}
    data = strict_json.dumps(payload)
    return control._file(data, jose.sign(full, data, reporter.signer))


def test_the_report_says_what_was_checked_when_and_against_which_scheme(reporter):
    made = content(*FINDINGS, beside=BESIDE)
    told = json.loads(control.sealed_json(made, reporter))["report"]
    assert (told["kind"], told["version"]) == ("controlerapport", 1)
    assert told["made_at"] == "2026-11-24T11:30:00Z"
    assert told["made_by"] == {"name": "Schuldhulp Proef", "oin": "00000001009999999000"}
    assert told["scheme"] == {"version": 3, "operator": "https://stelsel.example"}
    assert told["oldest_reference_date"] == "2026-11-21"
    assert (told["complete"], told["completeness"][:13]) == (False, "Niet compleet")
    [entry] = told["credentials"]
    assert (entry["group"], entry["credential"]) == ("verified", "digest-b")
    assert entry["checked_at"] == "2026-11-24T11:30:00Z"
    assert told["overview"]["totals"]["outstanding"] == 42_900
    assert told["overview"]["totals"]["national"] == 23_900
    assert "signature" in told["checks"]


def test_check_tells_whose_report_it_is_that_it_holds_and_its_totals(reporter, check):
    for document, kind in (
        (control.sealed_json(content(*FINDINGS), reporter), "controlerapport"),
        (pages.sealed_pdf(content(*FINDINGS), reporter), "controlerapport (gewaarmerkte pdf)"),
    ):
        verdict = check(document)
        assert verdict.lines == [
            f"Soort:  {kind}",
            "Klopt:  ja",
            MADE,
            "Van:    Schuldhulp Proef",
            "Stand:  21 november 2026 (oudste)",
            "Saldo:  ten minste € 429,00",
            "Aantal: 1",
            "Let op: Niet compleet: dit is ten minste het totaal. Er kan meer schuld zijn.",
            "Opgave: digest-b",
        ]
        told = verdict.to_json()
        assert (told["holds"], told["outstanding"], told["complete"]) == (True, 42_900, False)
        assert told["credentials"] == ["digest-b"]


def test_a_complete_report_says_so_and_needs_no_at_least(reporter, check):
    verdict = check(control.sealed_json(content(*FINDINGS, accepted(GESTEL)), reporter))
    assert "Saldo:  € 429,00" in verdict.lines
    assert "Let op: Compleet: alle gekozen organisaties hebben alles doorgegeven." in verdict.lines


def test_an_empty_overview_has_a_report_too(reporter, check):
    verdict = check(pages.sealed_pdf(content(), reporter))
    assert verdict.holds
    assert "Stand:  geen (oudste)" in verdict.lines


def test_any_changed_byte_of_the_json_is_refused(world, reporter):
    document = control.sealed_json(content(*FINDINGS), reporter)
    assert read(document, world).figures.outstanding == 42_900
    for place in range(0, len(document), len(document) // 120):
        changed = bytearray(document)
        changed[place] ^= 1
        with pytest.raises((ParsingError, CryptographicSecurityError, UntrustedIssuerError)):
            read(bytes(changed), world)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"outstanding": 42900', '"outstanding": 4290'),
        lambda text: text.replace('"complete": false', '"complete": true'),
        lambda text: text.replace("\n", "\n\n", 1),
        lambda text: text + "\n",
        lambda text: json.dumps(json.loads(text)),
        lambda text: text.replace('"jws":', '"jws": "x",\n "jws":'),
        lambda text: text.replace('"report": {', '"report": {"extra": 1,'),
    ],
)
def test_a_readable_part_that_is_not_what_was_signed_is_refused(reporter, check, change):
    text = control.sealed_json(content(*FINDINGS), reporter).decode()
    verdict = check(change(text).encode())
    assert not verdict.holds
    assert verdict.to_json()["outstanding"] is None


def test_any_changed_byte_of_the_pdf_is_refused(reporter, check):
    document = pages.sealed_pdf(content(*FINDINGS), reporter)
    for place in range(1_000, len(document), len(document) // 6):
        changed = bytearray(document)
        changed[place] ^= 1
        assert not check(bytes(changed)).holds


def test_a_report_of_another_inside_our_sealed_pages_is_refused(world, reporter, check):
    """The attachment must be signed by the key that sealed the pages."""
    request_key = Reporter(*open_request_key(world.config, world.scheme, world.now), world.scheme)
    made = content(*FINDINGS)
    other = control.sealed_json(made, request_key)
    assert check(other).holds
    attachment = pages.Attachment(pages.ATTACHMENT, control.MEDIA_TYPE, other.decode())
    typeset = pages.typeset(pages._TEMPLATE, pages.view(made, reporter), [attachment], world.now)
    sealed = pages.seal_pages(
        typeset, "Zegel", signer=reporter.signer, chain=reporter.chain, sealed_at=world.now
    )
    verdict = check(sealed)
    assert (verdict.holds, verdict.reason) == (False, "attachment")


def test_who_is_not_on_the_scheme_makes_no_report(world, check):
    stranger = participants.participant("https://schuldhulp.example")
    reporter = Reporter(stranger.key, stranger.chain, world.scheme)
    verdict = check(control.sealed_json(content(*FINDINGS), reporter))
    assert (verdict.holds, verdict.reason) == (False, "untrusted_issuer")


def test_an_issuer_makes_no_report(world, check):
    issuer = world.boxtel.participant
    reporter = Reporter(issuer.key, issuer.chain, world.scheme)
    assert check(control.sealed_json(content(*FINDINGS), reporter)).reason == "untrusted_issuer"


def test_a_report_says_who_signed_it(world, reporter):
    told = control.report_of(content(*FINDINGS), world.scheme)
    for maker in (None, {}, {"oin": BOXTEL.oin}, {"oin": 1}):
        with pytest.raises(UntrustedIssuerError):
            read(signed({**told, "made_by": maker}, reporter), world)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "iets anders"},
        {"version": 2},
        {"made_at": "gisteren"},
        {"oldest_reference_date": "2026-02-31"},
        {"scheme": {}},
        {"complete": "ja"},
        {"credentials": [{}]},
        {"overview": {}},
    ],
)
def test_a_signed_report_that_lacks_what_every_report_tells_is_refused(world, reporter, change):
    told = {**control.report_of(content(*FINDINGS), world.scheme), **change}
    with pytest.raises(MalformedValueError):
        read(signed(told, reporter), world)


def test_a_token_of_another_kind_is_no_report(world, reporter):
    told = control.report_of(content(*FINDINGS), world.scheme)
    with pytest.raises(CryptographicSecurityError):
        read(signed(told, reporter, typ="oauth-authz-req+jwt"), world)


def test_after_the_certificate_is_over_a_report_is_not_trusted(world, reporter):
    document = control.sealed_json(content(*FINDINGS), reporter)
    with pytest.raises(UntrustedIssuerError):
        control.verify_json(document, world.scheme, world.now + 200 * DAY)


def test_a_report_is_no_statement_and_a_statement_no_report(world, reporter):
    from verifier import upload

    with pytest.raises(upload.RefusedFileError) as caught:
        upload.extract(
            pages.sealed_pdf(content(*FINDINGS), reporter), scheme=world.scheme, now=world.now
        )
    assert (caught.value.status, caught.value.reason) == (422, "attachment")
    assert not control.looks_like_one(b"{}")
    assert not control.looks_like_one(b"eyJ~")


def test_the_pdf_is_pdf_a_3a_and_pdf_ua_1_with_the_json_inside(world, reporter):
    document = pages.sealed_pdf(content(*FINDINGS, beside=BESIDE), reporter)
    with pikepdf.open(BytesIO(document)) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.Lang == "nl-NL"
        attached = pdf.attachments[pages.ATTACHMENT].get_file()
        assert attached.mime_type == "application/json"
        assert read(attached.read_bytes(), world).figures.outstanding == 42_900
    assert document.count(b"/ETSI.CAdES.detached") == 1


def test_pdf_ua_survives_the_seal(reporter, tmp_path):
    made = content(*FINDINGS, rejected("revoked", GESTEL, debt(9)), beside=BESIDE)
    (tmp_path / "rapport.pdf").write_bytes(pages.sealed_pdf(made, reporter))
    checker = Path(sys.executable).with_name("outloud")
    command = [checker, "--json", "-", "--quiet", "rapport.pdf"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    (result,) = json.loads(done.stdout)["results"]
    assert result["stats"]["features"]["signatures"]
    assert result["counts"]["error"] == 0


def test_a_report_of_five_hundred_debts_can_be_checked_again(reporter, check):
    many = accepted(BOXTEL, *(debt(number) for number in range(500)))
    for document in (
        control.sealed_json(content(many), reporter),
        pages.sealed_pdf(content(many), reporter),
    ):
        assert "Aantal: 500" in check(document).lines


def test_a_key_that_the_scheme_does_not_know_or_that_seals_no_pdf_is_a_wrong_setting(world):
    stranger = participants.participant("https://schuldhulp.example")
    for name, key in (("es256", stranger.key), ("eddsa", PrivateKey.generate("EdDSA"))):
        private(world.folder / f"{name}.pem", key.to_pem())
        leaf = x509.create_leaf(
            "Proef", key.public, authority=stranger.chain[1], authority_key=stranger.key,
            now=world.now - DAY, days=9,
        )  # fmt: skip
        chain = world.folder / f"{name}-chain.pem"
        chain.write_bytes(x509.to_pem((leaf, stranger.chain[1])))
        report = SigningKey(signer=f"file:{world.folder / name}.pem", chain=chain)
        with pytest.raises(ConfigurationError, match="report"):
            open_report_key(replaced(world.config, report=report), world.scheme, world.now)


def test_without_a_key_there_is_no_report(world):
    assert open_report_key(replaced(world.config, report=None), world.scheme, world.now) is None
