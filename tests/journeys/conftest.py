"""Scenes for the journeys: the world that all share, and one whose debts change."""

import json
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from holder_demo.demo import residents
from holder_demo.demo.world import World, yesterday
from issuer import cli as issuer_cli
from tests.journeys.actors import BOXTEL, OTHER, Scene, command

SAMPLE = residents.packaged("sample")
TAXES = "boxtel/belastingen.csv"
# The first line of the taxes: a levy of the first resident, € 10.00 more; the balance follows.
CHANGED = ("283,78;0,00;0,00;0,00;0,00;0,00;283,78", "293,78;0,00;0,00;0,00;0,00;0,00;293,78")
# How long ago the changing world was delivered to for the first time.
DAYS_AGO = 20


@pytest.fixture(scope="session")
def expected():
    """What the sample says of itself."""
    return json.loads((SAMPLE / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def scene(world, tmp_path_factory):
    """The shared world; nothing in it is imported again and no service stops."""
    return Scene(world, tmp_path_factory.mktemp("wallets"))


@dataclass
class Changing:
    """A world of its own, to which Boxtel's taxes are delivered again and again."""

    scene: Scene
    reference: date
    folder: Path

    @property
    def file(self):
        return self.folder / "belastingen.csv"

    def deliver(self, *changes, days=0):
        """Deliver the sample's taxes with these replacements, `days` later; what was reported."""
        self.reference += timedelta(days=days)
        return self.deliver_bytes(taxes(*changes))

    def deliver_bytes(self, content):
        """Deliver a file as it is, by the command of the desk; its report."""
        self.file.write_bytes(content)
        return command(issuer_cli.main, self.config, *self.arguments)["report"]

    @property
    def config(self):
        return self.scene.world.config_path(BOXTEL)

    @property
    def arguments(self):
        """The command of a delivery."""
        day = self.reference.isoformat()
        return ("import", "belastingen", str(self.file), "--reference-date", day)

    def status(self):
        """What the desk sees of its sources."""
        return command(issuer_cli.main, self.config, "status")


@pytest.fixture(scope="session")
def changing(tmp_path_factory):
    """Delivered first: a copy of the sample in which one amount was changed consistently."""
    folder = tmp_path_factory.mktemp("changing")
    data = shutil.copytree(SAMPLE, folder / "data")
    (data / TAXES).write_bytes(taxes(CHANGED))
    first = yesterday() - timedelta(days=DAYS_AGO)
    with World.create(folder / "state", data, reference_date=first) as world:
        running = world.start("login", BOXTEL, OTHER, "verifier")
        yield Changing(Scene(running, folder), first, folder)


def taxes(*changes):
    """Boxtel's taxes of the sample with replacements, each of which must find its place once."""
    text = (SAMPLE / TAXES).read_bytes().decode("windows-1252")
    for before, after in changes:
        assert text.count(before) == 1
        text = text.replace(before, after)
    return text.encode("windows-1252")
