"""Setting up and judging one verifier."""

from collections.abc import Iterator

from vckit.adapters.flask.scheme import create_keeper
from vckit.adapters.private_files import (
    load_key,
    make_key,
    make_signing_key,
)
from vckit.adapters.sqlite import create_database, open_database
from vckit.trust import DatabaseMemory, Scheme
from verifier import identity_card
from verifier.config import Config
from verifier.opening import open_report_key, open_request_key
from verifier.store import MIGRATIONS


def initialise(config: Config) -> Iterator[str]:
    """Make what is absent and tell each; nothing that exists is touched."""
    if make_key(config.database_key, "database_key"):
        yield "database key made"
    if config.database.exists():
        yield "database exists"
    else:
        key = load_key(config.database_key, "database_key")
        create_database(config.database, key, MIGRATIONS).close()
        yield "database made"
    if make_signing_key(config.request.signer, "request.signer"):
        yield "request key made; ask a certificate for it and put it on the scheme"
    if config.report and make_signing_key(config.report.signer, "report.signer"):
        yield "report key made; ask a certificate for it and put it on the scheme"


def judge(config: Config, now: int) -> Iterator[str]:
    """Try everything that `serve` needs; raises ConfigurationError at the first that is wrong."""
    yield "settings: in order"
    key = load_key(config.database_key, "database_key")
    database = open_database(config.database, key, migrations=MIGRATIONS)
    schemes = create_keeper("verifier", config, DatabaseMemory(database)).open(now)
    database.close()
    schemes.require_fresh(now)
    scheme = schemes.scheme
    yield f"scheme: version {scheme.version}, {len(scheme.issuers(now))} issuers"
    if schemes.trouble:
        yield f"scheme: an older one goes on, since what is offered is refused: {schemes.trouble}"
    open_request_key(config, scheme, now)
    yield "request key: on the scheme"
    yield _way_back(config, scheme, now)
    sealed = open_report_key(config, scheme, now)
    yield "report key: on the scheme" if sealed else "report key: none, so no controlerapport"
    issuers = identity_card.trusted(config)
    yield f"identity credential: {'asked, its issuers are known' if issuers else 'not asked'}"
    config.login.client_secret()
    yield "log-in secret: private"
    yield "database: in order"


def _way_back(config: Config, scheme: Scheme, now: int) -> str:
    """Organisations send residents back below the start_url of our entry, and nowhere else."""
    _, chain = open_request_key(config, scheme, now)
    if (scheme.verifier(chain, now).start_url or "").rstrip("/") == config.base_url.rstrip("/"):
        return "collecting: organisations send residents back here"
    return "collecting: organisations send nobody back; our start_url on the scheme is not base_url"
