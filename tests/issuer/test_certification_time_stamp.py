"""Documents that an authority must see: with its stamp, and none at all without it."""

from dataclasses import replace

import pytest

from tests.issuer.pages import post, text_of
from tests.issuer.town import ANNA, SETTINGS, log_in
from tests.vckit import time_stamp_authority
from vckit.adapters.requests import RequestsFetcher
from vckit.errors import ConfigurationError
from vckit.sealed_pdf.opening import open_sealed
from vckit.sealed_pdf.stamping import TimeStampAuthority, TimeStampError

pytest.importorskip("certomancer", reason="the extra dev is not installed")

AWAY = "http://127.0.0.1:1"
PEM = "authorities.pem"


def with_stamps(town, url, certificates):
    """The settings of a municipality whose seals are stamped, as in a demo."""
    stamps = f'time_stamp = {{ url = "{url}", certificates = "{certificates}" }}\n'
    chain = 'chain = "keys/seal-chain.pem"\n'
    origin = url.removesuffix("/proef/tsa/ec")
    origins = 'insecure_origins = ["http://localhost:8100"]'
    settings = SETTINGS.replace(chain, chain + stamps).replace(
        origins, origins.replace("]", f', "{origin}"]')
    )
    town.config_path.write_text(settings, "utf-8")
    return town


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    with time_stamp_authority.answering(tmp_path_factory.mktemp("stempel")) as started:
        yield started


def test_a_document_carries_the_stamp_of_the_authority_in_the_settings(town, authorities):
    stamped = with_stamps(town, authorities.url(), authorities.certificates)
    pdf = stamped.services().certification.make(ANNA, town.clock.now).pdf
    opened = open_sealed(pdf, time_stamp_certificates=authorities.certificates)
    assert opened.time_stamped_at
    assert len(opened.attachments) == 2


def test_while_the_authority_is_away_nobody_gets_a_document(town, authorities):
    services = town.services()
    away = TimeStampAuthority(AWAY, authorities.certificates, RequestsFetcher([AWAY]))
    certification = replace(services.certification, authority=away)
    with pytest.raises(TimeStampError):
        certification.make(ANNA, town.clock.now)
    pseudonym = services.keyring.pseudonym(ANNA.bsn)
    records = services.store.records.of_person(pseudonym, town.clock.now)
    assert [record.withdrawn_reason for record in records] == ["error"]


def test_the_page_says_to_come_back_later(town, authorities):
    client = with_stamps(town, AWAY, authorities.certificates).app().test_client()
    log_in(client, ANNA)
    shown = text_of(post(client, "/document", "/blauwe-knop"), 503)
    assert "Het document kan nu niet worden gemaakt" in shown
    assert "Probeer het later opnieuw" in shown


@pytest.mark.parametrize("certificates", ["nergens.pem", "issuer.toml"])
def test_without_certificates_of_authorities_nothing_starts(town, authorities, certificates):
    with pytest.raises(ConfigurationError, match=r"document\.time_stamp\.certificates"):
        with_stamps(town, authorities.url(), certificates).services()


def test_an_authority_without_https_is_refused_at_the_start(town, authorities):
    settings = SETTINGS.replace(
        "[scheme]",
        f'time_stamp = {{ url = "http://x.example/tsa", certificates = "{PEM}" }}\n[scheme]',
    )
    (town.folder / PEM).write_bytes(authorities.certificates.read_bytes())
    town.config_path.write_text(settings, "utf-8")
    with pytest.raises(ConfigurationError, match=r"document\.time_stamp\.url"):
        town.services()
