"""Seals with the moment of an authority in them: asked, judged by two others, and told."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

pytest.importorskip("certomancer", reason="the extra dev is not installed")

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.vckit import sealed_pages, time_stamp_authority
from tests.vckit.adapters.loopback import reply, serving
from tests.vckit.sealed_pages import gap, pages, seal_chain, sealed, sealed_as_it_is, with_container
from vckit.adapters.requests import RequestsFetcher
from vckit.sealed_pdf import child, opening, time_stamp
from vckit.sealed_pdf.opening import RefusedFileError, open_sealed
from vckit.sealed_pdf.stamping import REPLY, TimeStampAuthority, TimeStampError
from vckit.x509 import to_pem
from vckit.x509.certificate import der


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    with time_stamp_authority.answering(tmp_path_factory.mktemp("stempel")) as started:
        yield started


def authority(authorities, name="ec", **other):
    known = {"url": authorities.url(name), "certificates": authorities.certificates}
    return TimeStampAuthority(**{**known, **other}, fetcher=RequestsFetcher([authorities.origin]))


@pytest.fixture(scope="module")
def stamped(authorities):
    return sealed_as_it_is(pages(), authority=authority(authorities))


@pytest.mark.parametrize("name", ["ec", "rsa"])
def test_a_seal_carries_the_moment_of_an_authority_that_is_trusted(authorities, name):
    begun = int(time.time())
    document = sealed_as_it_is(pages(), authority=authority(authorities, name))
    opened = open_sealed(document, time_stamp_certificates=authorities.certificates)
    assert begun <= opened.time_stamped_at <= time.time()
    assert opened.sealed_at == sealed_pages.MADE_AT
    assert opened.attachments.keys() == {opening.SD_JWT, opening.W3C}


def test_without_certificates_a_stamp_is_read_and_not_believed(stamped):
    opened = open_sealed(stamped)
    assert opened.time_stamp.trusted is False
    assert opened.time_stamped_at is None


def test_a_stamp_of_another_authority_is_not_believed(stamped, tmp_path):
    others = tmp_path / "others.pem"
    others.write_bytes(to_pem(seal_chain()[1:]))
    assert open_sealed(stamped, time_stamp_certificates=others).time_stamped_at is None


def test_a_seal_without_a_stamp_has_none(authorities):
    opened = open_sealed(sealed(), time_stamp_certificates=authorities.certificates)
    assert opened.time_stamp is None


def test_pyhanko_says_that_the_stamp_holds(authorities, stamped):
    seal = PdfFileReader(BytesIO(stamped)).embedded_signatures[0]
    roots = [asn1_x509.Certificate.load(der(one)) for one in seal_chain()[1:]]
    moment = seal.self_reported_timestamp
    status = validate_pdf_signature(
        seal,
        ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment),
        ts_validation_context=ValidationContext(
            trust_roots=list(time_stamp.anchors(authorities.certificates)), allow_fetching=False
        ),
    )
    assert status.bottom_line
    assert status.timestamp_validity.intact
    assert status.timestamp_validity.valid
    assert status.timestamp_validity.trusted


def test_poppler_says_that_the_seal_with_a_stamp_holds(stamped, tmp_path):
    (tmp_path / "opgave.pdf").write_bytes(stamped)
    told = subprocess.run(
        ["pdfsig", tmp_path / "opgave.pdf"], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told


def test_pdf_ua_survives_a_seal_with_a_stamp(stamped, tmp_path):
    (tmp_path / "opgave.pdf").write_bytes(stamped)
    checker = Path(sys.executable).with_name("outloud")
    command = [checker, "--json", "-", "--quiet", "opgave.pdf"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    (result,) = json.loads(done.stdout)["results"]
    assert result["stats"]["features"]["signatures"]
    assert result["counts"]["error"] == 0
    checked = subprocess.run(
        ["qpdf", "--check", "opgave.pdf"], cwd=tmp_path, capture_output=True, check=False
    )
    assert checked.returncode == 0


@pytest.mark.parametrize("name", ["other", "nobody"])
def test_without_a_stamp_there_is_no_document(authorities, name):
    with pytest.raises(TimeStampError):
        sealed_as_it_is(pages(), authority=authority(authorities, name))


def test_a_stamp_of_somebody_whom_we_do_not_trust_is_not_put(authorities, tmp_path):
    others = tmp_path / "others.pem"
    others.write_bytes(to_pem(seal_chain()[1:]))
    with pytest.raises(TimeStampError, match="trusted"):
        sealed_as_it_is(pages(), authority=authority(authorities, certificates=others))


@pytest.mark.parametrize(
    ("status", "body", "media_type"),
    [
        (500, b"", REPLY),
        (200, b"", REPLY),
        (200, b"\x30\x03\x02\x01\x00", REPLY),
        (200, b"x" * 100_000, REPLY),
        (200, b"{}", "application/json"),
    ],
)
def test_an_authority_that_talks_nonsense_stamps_nothing(authorities, status, body, media_type):
    with serving(reply(status, body, media_type)) as server:
        asked = TimeStampAuthority(
            server.origin, authorities.certificates, RequestsFetcher([server.origin])
        )
        with pytest.raises(TimeStampError):
            sealed_as_it_is(pages(), authority=asked)


def test_an_authority_that_is_away_or_within_our_walls_stamps_nothing(authorities):
    away = RequestsFetcher(["http://127.0.0.1:1"])
    for fetcher, url in ((away, "http://127.0.0.1:1/"), (RequestsFetcher(), authorities.url())):
        asked = TimeStampAuthority(url, authorities.certificates, fetcher)
        with pytest.raises(TimeStampError):
            sealed_as_it_is(pages(), authority=asked)


def refused(document):
    with pytest.raises(RefusedFileError) as caught:
        open_sealed(document)
    return caught.value.reason


def test_a_stamp_of_another_seal_is_refused(authorities, stamped):
    found = []
    other = sealed_as_it_is(pages(), authority=authority(authorities))
    with_container(other, lambda signed: found.append(unsigned(signed)["values"][0].copy()))

    def put(signed):
        unsigned(signed)["values"] = found

    assert refused(with_container(stamped, put)) == "other_seal"


def test_a_stamp_that_is_taken_out_is_a_seal_without_one(stamped):
    """Which is no forgery: it says less, and what it says is the sealer's own."""

    def take_out(signed):
        del signed["signer_infos"][0]["unsigned_attrs"]

    opened = open_sealed(with_container(stamped, take_out))
    assert opened.time_stamp is None


def test_two_stamps_are_refused(stamped):
    def double(signed):
        unsigned(signed)["values"] = [unsigned(signed)["values"][0]] * 2

    assert refused(with_container(stamped, double)) == "other_seal"


def test_anything_else_outside_the_signature_is_refused():
    def add(signed):
        signer = signed["signer_infos"][0]
        moment = cms.Time({"utc_time": datetime(2026, 11, 24, tzinfo=UTC)})
        signer["unsigned_attrs"] = [{"type": "signing_time", "values": [moment]}]

    assert refused(with_container(sealed(), add)) == "other_seal"


def unsigned(signed):
    [attribute] = signed["signer_infos"][0]["unsigned_attrs"]
    return attribute


def test_no_byte_of_seal_and_stamp_can_change_unseen(authorities, stamped):
    """Certificates that stand above are judged later, so those may change here."""
    start, end = gap(stamped)
    told = child.answer(stamped, authorities.certificates)
    for place in range(start, end, 4_999):
        other = bytearray(stamped)
        other[place] ^= 1
        answer = child.answer(bytes(other), authorities.certificates)
        assert (
            "refused" in answer
            or answer["x5c"] != told["x5c"]
            or not answer["time_stamp"]["trusted"]
        )
