"""Both municipalities and the counsellors in this process: apps on an exact clock, no network."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import flask

import issuer
import verifier
from holder_demo.demo import configurations, material, residents
from issuer import config as issuer_config
from issuer import setup
from issuer.configurations.profiles import open_profiles
from issuer.importing import Importing, find_source
from issuer.offers import Offering
from issuer.person import find_person
from issuer.stored import open_stored
from vckit import strict_json
from vckit.errors import FetchError
from vckit.network import Response
from verifier import asking, casework, installation, opening
from verifier import config as verifier_config
from verifier.person import Person
from verifier.wording import DUTCH

NOW = 1_795_500_000  # 24 November 2026
REFERENCE = date(2026, 11, 20)
URLS = {
    "login": "http://localhost:8100",
    "boxtel": "http://localhost:8101",
    "sint-michielsgestel": "http://localhost:8102",
    "verifier": "http://localhost:8110",
    "wallet": "http://localhost:8120",
}


@dataclass
class InProcess:
    """A Fetcher over test clients: every address leads to the app of its origin, or nowhere."""

    apps: dict[str, flask.Flask] = field(default_factory=dict)

    def get(self, url, *, accept, max_bytes, redirects=0):  # noqa: ARG002  nothing redirects here
        answer = self._ask(url, max_bytes, method="GET", headers={"Accept": accept})
        if answer.status != 200:
            raise FetchError("the answer is not 200")
        return answer

    def post(self, url, *, form=None, json=None, headers=None, max_bytes=1_048_576):
        sent = {"Accept": "application/json", **(headers or {})}
        if json is not None:
            body, media_type = strict_json.dumps(json), "application/json"
        else:
            body, media_type = urlencode(form or {}), "application/x-www-form-urlencoded"
        return self._ask(
            url, max_bytes, method="POST", headers=sent, data=body, content_type=media_type
        )

    def _ask(self, url, max_bytes, **request):
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.apps:
            raise FetchError("nobody is there")
        client = self.apps[origin].test_client()
        answer = client.open(url.removeprefix(origin), base_url=origin, **request)
        if len(answer.data) > max_bytes:
            raise FetchError("the answer is too large")
        return Response(answer.status_code, answer.data, answer.mimetype)


@dataclass
class Hamlet:
    """Two municipalities with the sample's debts and a verifier, at one moment: NOW."""

    folder: Path
    network: InProcess = field(default_factory=InProcess)

    def __post_init__(self):
        data = residents.packaged("sample")
        material.make(self.folder, URLS, now=NOW - 300, version=1)
        configurations.write(self.folder, URLS, residents.people(data))
        for slug in ("boxtel", "sint-michielsgestel"):
            settings = self.settings(slug)
            setup.initialise(settings)
            self._deliver(settings, slug, data)
            self.network.apps[URLS[slug]] = issuer.create_app(settings, clock=lambda: NOW)
        settings = verifier_config.load(self.folder / "verifier" / "verifier.toml")
        list(installation.initialise(settings))
        self.network.apps[URLS["verifier"]] = verifier.create_app(
            settings, clock=lambda: NOW, fetcher=self.network
        )
        self.office = opening.open_office(settings, NOW, self.network)

    def settings(self, slug):
        return issuer_config.load(self.folder / slug / "issuer.toml")

    def offer(self, slug, bsn, profile="general"):
        """The link of an offer that the desk of a municipality makes."""
        settings = self.settings(slug)
        stored = open_stored(settings)
        person = find_person(settings.desk.persons_file, bsn)
        profiles = open_profiles(settings)
        offering = Offering(stored.store, stored.keyring, settings.base_url, profiles)
        return offering.at_desk(person, profiles[profile], NOW, with_code=False).link

    def case(self, resident, prefix="x509_hash", response_mode="direct_post.jwt", formats=None):
        """A case about somebody, and the link of its question."""
        person = Person(resident.family_name, resident.given_name, resident.birthdate)
        chosen = asking.organisations(self.office, NOW)
        case = asking.open_case(self.office, owner="desk", person=person, chosen=chosen, now=NOW)
        request = asking.ask(
            self.office,
            case,
            prefix=prefix,
            response_mode=response_mode,
            formats=formats,
            now=NOW,
        )
        return case, asking.link(self.office, request, NOW)

    def result(self, case):
        """The overview as a script reads it."""
        return casework.case_report(self.office, case, NOW, DUTCH)

    def _deliver(self, settings, slug, data):
        stored = open_stored(settings)
        for organisation, code, _, file in residents.EXPORTS:
            if organisation == slug:
                source = find_source(settings, code)
                Importing(stored.store, stored.register).run(source, data / file, REFERENCE, NOW)
