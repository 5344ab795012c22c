"""What the commands of one organisation do; `issuer.cli` reads the command line and prints.

Each gives what `--json` prints. Refusals are a CommandRefusedError or another KitError.
"""

import argparse
import dataclasses
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from datetime import time as day_time
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from issuer import button, importing, progress, tick
from issuer.config import CONFIG_VARIABLE, Config, Source
from issuer.configurations.profiles import open_profiles
from issuer.debts.imports import FewerDebtsError, Progress, check_file
from issuer.offers import Offering
from issuer.person import Person, find_person
from issuer.store.desk import DeskAction
from issuer.stored import Stored, open_stored
from vckit.adapters import serving
from vckit.adapters.settings import chosen_file
from vckit.errors import ConfigurationError, KitError
from vckit.network import Fetcher

_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")


class CommandRefusedError(KitError):
    """The command cannot be done on what it was given."""


def _now() -> int:
    return int(time.time())


def init(config: Config, _options: argparse.Namespace) -> dict[str, Any]:
    """Make the database and the keys that are absent."""
    from issuer import setup  # noqa: PLC0415  what seals documents takes half a second to load

    return {"made": setup.initialise(config)}


def check_config(config: Config, _options: argparse.Namespace) -> dict[str, Any]:
    """Check everything that serving needs."""
    from issuer import setup  # noqa: PLC0415  as above

    return {"ok": True, "scheme_refused": setup.check(config, _now())}


def serve(config: Config, options: argparse.Namespace) -> NoReturn:
    """Become the web server; a wrong configuration is told before it starts."""
    from issuer import setup  # noqa: PLC0415  as above

    setup.check(config, _now())
    path = chosen_file(options.config, CONFIG_VARIABLE)
    serving.serve("issuer:application()", config, variable=CONFIG_VARIABLE, path=path)


def scheme_entry(config: Config, options: argparse.Namespace) -> dict[str, Any]:
    """Our entry for the operator of the scheme."""
    from issuer import scheme_entry as own  # noqa: PLC0415  as above

    return own.entry(config, by_authority=options.authority)


def import_debts(config: Config, options: argparse.Namespace) -> dict[str, Any]:
    """Import a delivered file or what is at the source's address; --check only tells about it."""
    source = importing.find_source(config, options.source)
    if options.file is not None and options.reference_date is None:
        raise ConfigurationError("a file needs --reference-date")
    with progress.rows_on(sys.stderr) as tell:
        return (_check_import if options.check else _import)(config, source, options, tell)


def _check_import(
    config: Config, source: Source, options: argparse.Namespace, tell: Progress
) -> dict[str, Any]:
    origin = importing.origin_of(source, options.file, _fetcher(config))
    check = check_file(source, origin, options.reference_date, _now(), progress=tell)
    rows = [{"line": line, **debt.content()} for line, debt in check.first]
    return {"report": check.report, "first": rows}


def _import(
    config: Config, source: Source, options: argparse.Namespace, tell: Progress
) -> dict[str, Any]:
    try:
        report = _importing(config).run(
            source,
            options.file,
            options.reference_date,
            _now(),
            force=options.force,
            fewer=options.fewer,
            progress=tell,
        )
    except FewerDebtsError as error:
        hint = "--check shows what it has; --fewer takes it all the same"
        raise CommandRefusedError(f"{error} {hint}") from None
    return {"report": report}


def _importing(config: Config) -> importing.Importing:
    stored = open_stored(config)
    small = config.status.small_change_cents
    return importing.Importing(stored.store, stored.register, _fetcher(config), small)


def _fetcher(config: Config) -> Fetcher | None:
    """For the addresses of the settings, also those inside the municipality's own network."""
    addresses = [source.address for source in config.sources if source.address]
    origins = [
        f"{parts.scheme}://{parts.netloc}"
        for parts in map(urlsplit, addresses)
        if parts.scheme in {"http", "https"}
    ]
    if not origins:
        return None
    from vckit.adapters.requests import RequestsFetcher  # noqa: PLC0415  slow; files need it not

    return RequestsFetcher([*config.insecure_origins, *origins], config.trusted_certificates)


def run_tick(config: Config, _options: argparse.Namespace) -> dict[str, Any]:
    """Take what was dropped, ask who is due and tell who is late; alerts go to the log too."""
    lock = config.database.with_name(f"{config.database.name}.tick")
    with progress.rows_on(sys.stderr) as tell:
        done = tick.tick(_importing(config), config.sources, lock, _now(), progress=tell)
    alerts = [_alert(alert) for alert in done.alerts]
    if alerts:
        from vckit.adapters.flask.logs import create_logger  # noqa: PLC0415  only when it is needed

        logger = create_logger("issuer")
        for alert in alerts:
            logger.error("alert", **alert)
    return {"reports": done.reports, "alerts": alerts, "busy": done.busy}


def _alert(alert: tick.Alert) -> dict[str, Any]:
    day = alert.reference_date and alert.reference_date.isoformat()
    return {**dataclasses.asdict(alert), "reference_date": day}


def offer(config: Config, options: argparse.Namespace) -> dict[str, Any]:
    """Make an offer for somebody who was identified at the desk."""
    stored = open_stored(config)
    profiles = open_profiles(config)
    offering = Offering(stored.store, stored.keyring, config.base_url, profiles)
    profile = offering.profile(options.profile)
    made = offering.at_desk(_person(config, options), profile, _now(), with_code=options.tx_code)
    return {
        "offer": made.offer.to_json(),
        "link": made.link,
        "uri": made.uri,
        "code": made.offer.pre_authorized_code,
        "tx_code": made.transaction_code,
        "expires_at": made.expires_at,
    }


def _person(config: Config, options: argparse.Namespace) -> Person:
    if options.family_name and options.birthdate:
        return Person(options.bsn, options.family_name, options.given_name or "", options.birthdate)
    found = find_person(config.desk.persons_file, options.bsn)
    if found is None:
        raise CommandRefusedError("nobody with this BSN is known; give the names and birth date")
    return found


def records(config: Config, options: argparse.Namespace) -> dict[str, Any]:
    """List what was given out about somebody."""
    stored = open_stored(config)
    pseudonym = stored.keyring.pseudonym(options.bsn)
    found = stored.store.records.of_person(pseudonym, _now())
    return {"records": [vars(record) for record in found]}


def revoke(config: Config, options: argparse.Namespace) -> dict[str, Any]:
    """Revoke one statement, or with --bsn all of somebody."""
    return {"revoked": _withdraw(open_stored(config), options)}


def _withdraw(stored: Stored, options: argparse.Namespace) -> list[str]:
    pseudonym = stored.keyring.pseudonym(options.bsn) if options.bsn else None
    if options.record:
        chosen = [options.record]
    elif pseudonym:
        chosen = [one.record_id for one in stored.store.records.of_person(pseudonym, _now())]
    else:
        raise CommandRefusedError("name a record, or somebody by --bsn")
    done = [
        record_id
        for record_id in chosen
        if stored.store.records.withdraw(record_id, options.reason, _now(), pseudonym=pseudonym)
    ]
    if not done:
        raise CommandRefusedError("there is nothing to revoke")
    return done


def show_button(config: Config, options: argparse.Namespace) -> dict[str, Any]:
    """The HTML of the button."""
    return {"html": button.snippet(config.base_url, options.language)}


def make_document(config: Config, options: argparse.Namespace) -> dict[str, Any]:
    """Write the sealed document of somebody into a new file that only its owner can read."""
    from issuer.services import open_services  # noqa: PLC0415  sealing takes long to load

    person, now = _person(config, options), _now()
    certification = open_services(config, now, _tell_nobody).certification
    if certification is None:
        raise ConfigurationError("document is not set: this organisation seals no documents")
    with _new_file(options.output) as file:
        certified = certification.make(person, now, options.language)
        file.write(certified.pdf)
    return {"file": str(options.output), "record": certified.record_id}


def desk_log(config: Config, options: argparse.Namespace) -> dict[str, Any]:
    """What was done at the desk since a day, of everybody or of one of the staff or residents."""
    stored = open_stored(config)
    since = datetime.combine(options.since, day_time(), _CALENDAR) if options.since else None
    acts = stored.store.desk.since(int(since.timestamp()) if since else 0)
    staff = stored.keyring.staff(options.staff) if options.staff else None
    resident = stored.keyring.pseudonym(options.bsn) if options.bsn else None
    chosen = [
        act for act in acts if staff in {None, act.staff} and resident in {None, act.pseudonym}
    ]
    return {"acts": [_act(act) for act in chosen]}


def _act(act: DeskAction) -> dict[str, Any]:
    moment = datetime.fromtimestamp(act.happened_at, _CALENDAR).isoformat()
    return {**dataclasses.asdict(act), "happened_at": moment}


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that was not there; it is gone again when nothing could be written."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        raise CommandRefusedError("the output file exists or cannot be made") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        path.unlink()
        raise


def _tell_nobody(_error: KitError) -> None:
    """A command that publishes nothing has nothing to warn of."""


def status(config: Config, _options: argparse.Namespace) -> dict[str, Any]:
    """Tell the state of every source: nobody's account shows it."""
    account = open_stored(config).register.account_of("", config.sources)
    return {
        "sources": [
            {
                "code": source.code,
                "name": source.name,
                "status": source.status,
                "reference_date": source.reference_date and source.reference_date.isoformat(),
            }
            for source in account.sources
        ]
    }


def unreachable(config: Config, options: argparse.Namespace) -> dict[str, Any]:
    """Tell residents that a source does not deliver; the next import ends it."""
    source = importing.find_source(config, options.source)
    open_stored(config).register.mark_unreachable(source.code)
    return {"unreachable": source.code}
