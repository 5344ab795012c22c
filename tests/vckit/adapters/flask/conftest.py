import pytest

from tests.vckit.adapters.flask import service


@pytest.fixture
def clock():
    return service.Clock()


@pytest.fixture
def app(tmp_path, clock):
    made = service.create_app(tmp_path, clock=clock)
    yield made
    service.database_of(made).close()


@pytest.fixture
def browser(app):
    """A client that asks for pages, at the service's own address."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = service.BROWSER["Accept"]

    def ask(method: str, path: str, **options):
        return client.open(path, method=method, base_url=service.BASE, **options)

    return ask


@pytest.fixture
def program(app):
    """A client that asks for no media type, as wallets do, and carries no cookie."""
    client = app.test_client(use_cookies=False)

    def ask(method: str, path: str, **options):
        return client.open(path, method=method, base_url=service.BASE, **options)

    return ask


@pytest.fixture
def form_token(browser):
    def fetch() -> str:
        return browser("GET", "/token-of-form").text

    return fetch
