"""didkit in its place: a second opinion on VC 1.1 credentials with Ed25519Signature2020.

didkit knows the legacy formats, but has an HTTP client past every guard, ignores expiry and was
seen to crash when its interpreter ends. So it lives in a child process: this module is its only
door, and imports it nowhere but in `main`, which a service never runs. The child gets one request
on standard input, keys included, and gives one line; it is killed after `seconds`, or when it says
too much. Its only network is itself (`loopback_host`), where it finds the DID document that the
caller resolved. What it says about proofs is asked; dates and status stay with us.

    issue(credential, private_jwk=…, verification_method=…, created=…) -> credential with proof
    verify(credential, issuer=resolver.resolve(did))

`verify` returns, or raises NotAgreedError where didkit refuses the credential and UnavailableError
where there is no opinion: the child died, hung or talked nonsense, didkit is not installed, or it
can't know this issuer. The caller goes on without one. `issuer` is needed for did:web only; didkit
before 0.3.5 can't name a did:web with a port, which is unavailable too.

didkit takes a credential only where `credentialStatus` is one object with an `id`.
"""

import asyncio
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, ClassVar, Final

from vckit import strict_json
from vckit.data_integrity.loopback_host import LoopbackHost
from vckit.did import DidDocument
from vckit.errors import KitError, ParsingError, VerificationError

PROOF_TYPE: Final = "Ed25519Signature2020"
MAX_BYTES: Final = 4 * 1024 * 1024  # of an answer
_LIMITS: Final = strict_json.Limits(string=MAX_BYTES)
_MEMORY_BYTES: Final = 1024 * 1024 * 1024
_PURPOSE: Final = "assertionMethod"
# didkit resolves the first two by itself, without a network.
_METHODS: Final = ("key", "jwk", "web")
# A queue of children would only make every one of them late.
_AT_ONCE: Final = threading.BoundedSemaphore(2)


class NotAgreedError(VerificationError):
    """didkit refuses the credential."""

    reason = "second_opinion_refused"


class UnavailableError(KitError):
    """There is no second opinion, which says nothing about the credential."""

    reason: ClassVar[str] = "second_opinion_unavailable"


@dataclass(frozen=True)
class Child:
    """What is started as didkit's process, and how long it may take: `seconds` of wall clock."""

    command: Sequence[str] = (sys.executable, "-I", "-m", "vckit.data_integrity.didkit_child")
    seconds: float = 10


DIDKIT: Final = Child()


def issue(
    credential: Mapping[str, Any],
    *,
    private_jwk: Mapping[str, str],
    verification_method: str,
    created: int,
    issuer: DidDocument | None = None,
    child: Child = DIDKIT,
) -> dict[str, Any]:
    """Let didkit put an Ed25519Signature2020 on `credential`, made at `created` (epoch seconds).

    Raises NotAgreedError where didkit does not sign, or not this, and UnavailableError.
    """
    options = {
        "type": PROOF_TYPE,
        "proofPurpose": _PURPOSE,
        "verificationMethod": verification_method,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(created)),
    }
    request = {"key": dict(private_jwk), "options": options, **_subject(credential, issuer)}
    issued = _answer(request, child).get("credential")
    if not isinstance(issued, dict):
        raise NotAgreedError("didkit does not sign this credential.")
    if {name: value for name, value in issued.items() if name != "proof"} != dict(credential):
        raise NotAgreedError("didkit signed something else.")
    return issued


def verify(
    credential: Mapping[str, Any], *, issuer: DidDocument | None = None, child: Child = DIDKIT
) -> None:
    """Ask didkit whether the proof of `credential` holds, under the document of its issuer."""
    proof = credential.get("proof")
    # didkit refuses a proof from after its own clock; whether the moment is right, we judge.
    moment = proof.get("created") if isinstance(proof, Mapping) else None
    options = {"proofPurpose": _PURPOSE, **({"created": moment} if moment else {})}
    answer = _answer({"options": options, **_subject(credential, issuer)}, child)
    if answer != {"agrees": True}:
        raise NotAgreedError("didkit refuses this credential.")


def _subject(credential: Mapping[str, Any], issuer: DidDocument | None) -> dict[str, Any]:
    """What the child is to judge, and the document that its issuer's DID resolves to."""
    did = credential.get("issuer")
    did = did.get("id") if isinstance(did, Mapping) else did
    if not isinstance(did, str) or not did.startswith("did:"):
        raise NotAgreedError("The issuer is no DID.")
    method = did.split(":")[1]
    if method not in _METHODS:
        raise UnavailableError("didkit is not asked about this DID method.")
    if method != "web":
        return {"credential": credential, "did": None, "document": None}
    if issuer is None or issuer.id != did:
        raise UnavailableError("The document of the issuer's DID was not resolved.")
    return {"credential": credential, "did": did, "document": _document(issuer)}


def _document(issuer: DidDocument) -> dict[str, Any]:
    relationships = {name: sorted(urls) for name, urls in issuer.relationships.items() if urls}
    return {
        "@context": "https://www.w3.org/ns/did/v1",
        "id": issuer.id,
        "verificationMethod": [_method(method) for method in issuer.methods.values()],
        **relationships,
    }


def _method(method: Mapping[str, Any]) -> dict[str, Any]:
    """A method in words that didkit 0.3.3 knows: Multikey came later, the key reads the same."""
    if method["type"] == "Multikey" and str(method.get("publicKeyMultibase")).startswith("z6Mk"):
        return {**method, "type": "Ed25519VerificationKey2020"}
    return dict(method)


def _answer(request: Mapping[str, Any], child: Child) -> dict[str, Any]:
    """The one line of the child; how it ends after that is of no importance."""
    deadline = time.monotonic() + child.seconds
    if not _AT_ONCE.acquire(timeout=child.seconds):
        raise UnavailableError("Too many second opinions at once.")
    try:
        with _running(child) as process:
            line = _exchange(process, strict_json.dumps(request), deadline)
        answer = strict_json.loads_object(line, _LIMITS)
    except OSError:
        raise UnavailableError("The child can't be started.") from None
    except ParsingError:
        raise UnavailableError("The child's answer is no answer.") from None
    finally:
        _AT_ONCE.release()
    if answer.keys() not in ({"agrees"}, {"credential"}):
        raise UnavailableError("The child has no opinion.")
    return answer


@contextmanager
def _running(child: Child) -> Iterator[subprocess.Popen[bytes]]:
    """A child in a folder of its own, without our environment, that never outlives this block."""
    with tempfile.TemporaryDirectory(prefix="didkit-") as scratch:
        process = subprocess.Popen(  # noqa: S603  our own module, no shell
            child.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=scratch,
            # One arena and one worker, so that the memory limit fits on a machine of any size.
            env={"MALLOC_ARENA_MAX": "1", "TOKIO_WORKER_THREADS": "1"},
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(OSError):  # it is gone already
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for end in filter(None, (process.stdin, process.stdout)):
                with suppress(OSError):  # what the child did not take is lost
                    end.close()


def _exchange(process: subprocess.Popen[bytes], request: bytes, deadline: float) -> bytes:
    """Hand over the request and wait for a whole line."""
    given, taken = process.stdin, process.stdout
    if given is None or taken is None:
        raise UnavailableError("The child can't be spoken to.")
    threading.Thread(target=_hand_over, args=(given, request), daemon=True).start()
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(taken, selectors.EVENT_READ)
        while b"\n" not in answer:
            if len(answer) > MAX_BYTES or not selector.select(deadline - time.monotonic()):
                raise UnavailableError("The child takes too long, or says too much.")
            piece = os.read(taken.fileno(), 65_536)
            if not piece:
                raise UnavailableError("The child ended without an answer.")
            answer += piece
    return bytes(answer.partition(b"\n")[0])


def _hand_over(given: IO[bytes], request: bytes) -> None:
    # A child that is gone takes nothing, and its pipe may be closed by now; its missing answer
    # tells.
    with suppress(OSError, ValueError), given:
        given.write(request)


def main() -> None:
    """Be the child: one request from standard input, one line to standard output, then gone."""
    for limit, amount in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, int(DIDKIT.seconds)),
        (resource.RLIMIT_CORE, 0),  # there may be a private key in this memory
    ):
        resource.setrlimit(limit, (amount, amount))
    signal.alarm(int(DIDKIT.seconds) + 2)  # where the parent is gone, nobody else ends a wait
    request = json.load(sys.stdin.buffer)
    host = LoopbackHost(request["did"], json.dumps(request["document"]).encode(), Path.cwd())
    host.become_the_network()
    line = json.dumps(asyncio.run(_opinion(request, host))) + "\n"
    sys.stdout.write(line)
    sys.stdout.flush()
    # The interpreter's own end is where didkit was seen to crash.
    os._exit(0)


async def _opinion(request: Mapping[str, Any], host: LoopbackHost) -> dict[str, Any]:
    """What didkit says, in our words: its texts may repeat the credential."""
    import didkit  # noqa: PLC0415  only ever in the child

    credential, options = json.dumps(request["credential"]), json.dumps(request["options"])
    opinion: dict[str, Any] = {"agrees": False}
    try:
        if "key" in request:
            key = json.dumps(request["key"])
            opinion = {
                "credential": json.loads(await didkit.issue_credential(credential, options, key))
            }
        else:
            result = json.loads(await didkit.verify_credential(credential, options))
            opinion = {"agrees": result["checks"] == ["proof"] and not result["errors"]}
    except ValueError:
        return opinion  # it can't read the credential
    except didkit.DIDKitException:  # type: ignore[misc]  # its stub calls the class an instance
        pass
    return opinion if host.asked or request["did"] is None else {"unresolved": True}


if __name__ == "__main__":
    main()
