"""A real token for the tests: SoftHSM in a folder of its own, with keys that never leave it."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

MODULES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
)
PIN = "4711"
EDWARDS_25519 = bytes.fromhex("06032b6570")  # RFC 8410 3, the OID in DER


@dataclass(frozen=True)
class Token:
    """The token `blauweknop`; its keys are called by their algorithm."""

    folder: Path
    module: Path

    @property
    def pin_file(self):
        return self.folder / "pin"

    def uri(self, key="ES256", **changed):
        named = {"token": "blauweknop", "object": key}
        how = {"module-path": str(self.module), "pin-source": f"file:{self.pin_file}"}
        for name, value in changed.items():
            place = named if name in {"token", "object", "id", "type", "serial"} else how
            place[name.replace("_", "-")] = value
        path = ";".join(f"{name}={value}" for name, value in named.items())
        return f"pkcs11:{path}?" + "&".join(f"{name}={value}" for name, value in how.items())

    def forget_sessions(self):
        """What a restart of a token does to everybody: every session is over."""
        import pkcs11

        pkcs11.lib(str(self.module)).finalize()
        pkcs11.lib(str(self.module))


def make_token(folder):
    """Make the token and its two keys; skips where SoftHSM is not installed."""
    module = next((one for one in MODULES if one.exists()), None)
    if module is None or not shutil.which("softhsm2-util"):
        pytest.skip("SoftHSM is not installed (tests/debian-packages)")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    command = ["softhsm2-util", "--init-token", "--free", "--label", "blauweknop"]
    subprocess.run([*command, "--pin", PIN, "--so-pin", "471147"], check=True, capture_output=True)
    token = Token(folder, module)
    token.pin_file.touch(mode=0o600)
    token.pin_file.write_text(f"{PIN}\n")
    _make_keys(token)
    return token


def _make_keys(token):
    import pkcs11
    from pkcs11 import Attribute, KeyType, Mechanism
    from pkcs11.util.ec import encode_named_curve_parameters

    library = pkcs11.lib(str(token.module))
    with library.get_token(token_label="blauweknop").open(rw=True, user_pin=PIN) as session:
        curves = {
            "ES256": (
                KeyType.EC,
                encode_named_curve_parameters("secp256r1"),
                Mechanism.EC_KEY_PAIR_GEN,
            ),
            "EdDSA": (KeyType.EC_EDWARDS, EDWARDS_25519, Mechanism.EC_EDWARDS_KEY_PAIR_GEN),
        }
        for name, (kind, curve, mechanism) in curves.items():
            domain = session.create_domain_parameters(
                kind, {Attribute.EC_PARAMS: curve}, local=True
            )
            domain.generate_keypair(store=True, label=name, mechanism=mechanism)
