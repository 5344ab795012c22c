"""What the commands of an operator do; `scheme_operator.cli` reads the command line.

Each gives the lines that are printed. Refusals are KitErrors; nothing was changed then.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from scheme_operator import differences, drafts, files
from vckit import strict_json, trust
from vckit.errors import KitError
from vckit.signers import open_signer
from vckit.trust import Scheme, SchemeError

Lines = list[str]


class DeclinedError(KitError):
    """The person at the command did not agree."""


def _now() -> int:
    return int(time.time())


def key(options: argparse.Namespace) -> Lines:
    """Make an operator's key."""
    public = files.make_key(options.file, options.algorithm)
    return [f"made: {options.file} (secret: keep it offline)", f"made: {public} (for services)"]


def new(options: argparse.Namespace) -> Lines:
    """Begin a scheme."""
    draft = drafts.first(
        options.operator, options.base, now=_now(), days=options.days, demo=options.demo
    )
    _refuse_to_overwrite(options.draft)
    files.write_draft(options.draft, draft)
    return [f"made: {options.draft}, version 1: add organisations to it"]


def following(options: argparse.Namespace) -> Lines:
    """Begin the next version of a scheme."""
    _refuse_to_overwrite(options.draft)
    draft = drafts.following(files.payload_of(options.signed), now=_now(), days=options.days)
    files.write_draft(options.draft, draft)
    return [f"made: {options.draft}, version {draft['versie']}"]


def add(options: argparse.Namespace) -> Lines:
    """Add an organisation to a draft."""
    entry = files.read_object(options.entry)
    return _edit(options.draft, lambda draft: drafts.add(draft, entry))


def replace(options: argparse.Namespace) -> Lines:
    """Replace an organisation's entry in a draft."""
    entry = files.read_object(options.entry)
    return _edit(options.draft, lambda draft: drafts.replace(draft, entry))


def join(options: argparse.Namespace) -> Lines:
    """Give an organisation of a draft another role."""
    entry = files.read_object(options.entry)
    return _edit(options.draft, lambda draft: drafts.join(draft, entry))


def end(options: argparse.Namespace) -> Lines:
    """End an organisation's part in a draft."""
    return _edit(options.draft, lambda draft: drafts.end(draft, options.oin, options.on))


def show(options: argparse.Namespace) -> Lines:
    """Show a draft or a scheme, or what it changes."""
    return _shown(files.payload_of(options.file), options.against)


def sign(options: argparse.Namespace) -> Lines:
    """Sign a draft, or add a signature to a signed scheme."""
    content = files.read(options.file)
    signed = files.is_signed(content)
    payload = trust.unverified_payload(content) if signed else files.read_object(options.file)
    scheme = trust.read_payload(payload)
    _require_sense(scheme, payload, options.against)
    signer = open_signer(options.key)
    _ask(options, [*_shown(payload, options.against), "", f"payload: {_fingerprint(payload)}"])
    made = trust.add_signature(content, signer) if signed else trust.sign_scheme(payload, [signer])
    files.replace(options.out, made)
    return [f"signed: {options.out}, version {scheme.version}, payload {_fingerprint(payload)}"]


def verify(options: argparse.Namespace) -> Lines:
    """Judge a signed scheme as a service does."""
    scheme = _verified(files.read(options.file), options, options.minimum_version)
    return [f"in order: version {scheme.version}, {len(scheme.organisations)} organisations"]


def fetch(options: argparse.Namespace) -> Lines:
    """Bring a published scheme here, if it is good and no older than the one here."""
    from vckit.adapters.requests import RequestsFetcher  # noqa: PLC0415  only here is a network

    present = _present(options)
    fetcher = RequestsFetcher(options.insecure_origin, options.trusted_certificates)
    answer = fetcher.get(options.url, accept="application/json", max_bytes=trust.MAX_BYTES)
    scheme = _verified(answer.body, options, present)
    if scheme.version > present:
        files.replace(options.file, answer.body)
    return [f"in order: version {scheme.version}{'' if scheme.version > present else ' still'}"]


def _present(options: argparse.Namespace) -> int:
    if not options.file.exists():
        return 0
    return trust.read_payload(files.payload_of(options.file)).version


def _verified(content: bytes, options: argparse.Namespace, minimum_version: int) -> Scheme:
    return trust.verify_scheme(
        content,
        operator_keys=files.public_keys(options.operator_key),
        threshold=options.threshold,
        now=_now(),
        minimum_version=minimum_version,
    )


def _edit(path: Path, change: Callable[[Mapping[str, Any]], drafts.Payload]) -> Lines:
    before = files.read_object(path)
    if "signatures" in before:
        raise files.FileRefusedError(f"{path} is signed: begin its next version with next")
    after = change(before)
    files.write_draft(path, after)
    return differences.lines(before, after)


def _shown(payload: Mapping[str, Any], against: Path | None) -> Lines:
    if against is None:
        return differences.whole(payload)
    changed = differences.lines(files.payload_of(against), payload)
    return changed or ["nothing changes"]


def _require_sense(scheme: Scheme, payload: Mapping[str, Any], against: Path | None) -> None:
    """What services would refuse anyhow is not signed."""
    if scheme.expires_at <= _now():
        raise SchemeError("The scheme has expired.", "expired")
    if against is None:
        return
    before = files.payload_of(against)
    if trust.read_payload(before).version >= scheme.version and before != payload:
        raise SchemeError("The version is not higher than that of --against.", "older")


def _fingerprint(payload: Mapping[str, Any]) -> str:
    """What two signers compare by telephone: groups of the SHA-256 of what they sign."""
    text = sha256(strict_json.dumps(dict(payload))).hexdigest()[:32]
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _ask(options: argparse.Namespace, told: Lines) -> None:
    if options.yes:
        return
    print("\n".join(told))  # noqa: T201  a person must read it before they answer
    try:
        agreed = input("Sign this? Type 'yes': ").strip().lower() == "yes"
    except EOFError:
        agreed = False
    if not agreed:
        raise DeclinedError("nothing was signed")


def _refuse_to_overwrite(path: Path) -> None:
    if path.exists():
        raise files.FileRefusedError(f"{path} exists already")
