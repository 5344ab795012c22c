"""Keys in a token: a real SoftHSM signs, forks, restarts, and is misconfigured."""

import os
import traceback

import pytest

pytest.importorskip("pkcs11", reason="the extra hsm is not installed")

from tests.vckit.sealed_pages import MADE_AT, pages
from tests.vckit.tokens import make_token
from vckit import jose, sd_jwt
from vckit.errors import ConfigurationError
from vckit.keys import ALGORITHMS, PrivateKey
from vckit.sealed_pdf import seal_pages
from vckit.sealed_pdf.opening import open_sealed
from vckit.signers import open_signer
from vckit.signers.pkcs11_token import TokenError
from vckit.signers.pkcs11_uri import TokenKey
from vckit.x509 import create_authority, create_leaf, to_x5c


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    before = os.environ.get("SOFTHSM2_CONF")
    yield make_token(tmp_path_factory.mktemp("token"))
    if before is None:
        os.environ.pop("SOFTHSM2_CONF", None)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_key_in_a_token_signs(token, algorithm):
    signer = open_signer(token.uri(algorithm))
    assert signer.algorithm == algorithm
    for data in (b"", b"data", b"x" * 100_000):
        signer.public_key.verify(signer.sign(data), data)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_jws_of_a_token_holds(token, algorithm):
    signer = open_signer(token.uri(algorithm))
    signed = jose.sign({"typ": "proef+jwt"}, {"a": 1}, signer)
    assert jose.verify(signed, signer.public_key, typ="proef+jwt").claims() == {"a": 1}


def test_a_seal_of_a_token_holds(token):
    signer = open_signer(token.uri())
    authority_key = PrivateKey.generate("ES256")
    authority = create_authority("Proef", authority_key, now=MADE_AT - 60, days=9)
    leaf = create_leaf(
        "Gemeente Proef",
        signer.public_key,
        authority=authority,
        authority_key=authority_key,
        now=MADE_AT - 60,
        days=8,
        seal=True,
    )
    document = seal_pages(
        pages(), "Zegel", signer=signer, chain=(leaf, authority), sealed_at=MADE_AT
    )
    assert open_sealed(document).x5c == to_x5c((leaf, authority))


def test_a_statement_of_a_token_holds(token):
    signer = open_signer(token.uri())
    text = sd_jwt.issue({"a": 1}, disclosable=[("a",)], header={"typ": "proef"}, signer=signer)
    proven = sd_jwt.verify(
        text,
        issuer_key=signer.public_key,
        typ="proef",
        key_binding=None,
        now=MADE_AT,
        never_disclosable=(),
    )
    assert proven.claims["a"] == 1


def test_two_keys_of_one_token_sign_in_turn(token):
    signers = [open_signer(token.uri(algorithm)) for algorithm in ALGORITHMS] * 2
    for signer in signers:
        signer.public_key.verify(signer.sign(b"data"), b"data")


def test_after_a_restart_of_the_token_every_key_signs_again(token):
    signers = [open_signer(token.uri(algorithm)) for algorithm in ALGORITHMS]
    token.forget_sessions()
    for signer in signers * 2:
        signer.public_key.verify(signer.sign(b"data"), b"data")


def test_a_forked_worker_signs_in_a_session_of_its_own(token):
    signers = [open_signer(token.uri(algorithm)) for algorithm in ALGORITHMS]
    workers = [in_a_fork(lambda: [sign_well(one) for one in signers * 3]) for _ in range(3)]
    for signer in signers:
        sign_well(signer)
    assert [os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) for worker in workers] == [0] * 3
    for signer in signers:
        sign_well(signer)


def sign_well(signer):
    signer.public_key.verify(signer.sign(b"data"), b"data")


def in_a_fork(work):
    worker = os.fork()
    if worker:
        return worker
    try:
        work()
    except BaseException:  # noqa: BLE001  told by the exit code: the tests go on in the parent
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def test_a_token_that_is_gone_signs_nothing_and_says_so(token):
    signer = open_signer(token.uri())
    pin = token.pin_file.read_text()
    token.pin_file.write_text("0000\n")
    token.forget_sessions()
    with pytest.raises(TokenError):
        signer.sign(b"data")
    token.pin_file.write_text(pin)
    sign_well(signer)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"token": "elders"}, "one token"),
        ({"object": "elders"}, "one key"),
        ({"id": "%09"}, "one key"),
        ({"type": "public"}, "type=private"),
        ({"module_path": "/nergens.so"}, "cannot be opened"),
        ({"module_path": "keys/module.so"}, "absolute"),
        ({"pin_source": "file:keys/pin"}, "absolute"),
        ({"pin_source": "file:/nergens"}, "pin-source"),
        ({"pin_value": "4711"}, "unknown"),
    ],
)
def test_a_wrong_address_is_told(token, changed, said):
    with pytest.raises(ConfigurationError, match=said):
        open_signer(token.uri(**changed))


def test_a_wrong_pin_is_told_without_it(token):
    wrong = token.folder / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("9999")
    token.forget_sessions()
    with pytest.raises(ConfigurationError) as told:
        open_signer(token.uri(pin_source=f"file:{wrong}"))
    assert "9999" not in str(told.value)


def test_a_pin_that_others_can_read_is_refused(token):
    token.pin_file.chmod(0o644)
    try:
        with pytest.raises(ConfigurationError, match="0600"):
            open_signer(token.uri())
    finally:
        token.pin_file.chmod(0o600)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "token=a;object=b",
        "token=a;object=b?module-path=/m",
        "object=b?module-path=/m&pin-source=file:/p",
        "token=a?module-path=/m&pin-source=file:/p",
        "token=a;token=b;object=b?module-path=/m&pin-source=file:/p",
        "token=%ff;object=b?module-path=/m&pin-source=file:/p",
        "token=a;object=b;slot-id=0?module-path=/m&pin-source=file:/p",
    ],
)
def test_an_unclear_uri_is_refused(rest):
    with pytest.raises(ConfigurationError):
        TokenKey.parse(rest)


def test_a_uri_is_read_by_its_names_and_percent_signs():
    read = TokenKey.parse(
        "object=een%20zegel;id=%01%02;token=b;type=private?pin-source=/p&module-path=/m"
    )
    assert (read.label, read.id, read.token, read.serial) == ("een zegel", b"\x01\x02", "b", None)
