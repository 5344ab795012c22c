"""Whatever becomes of didkit's process: no opinion, in time, and the caller goes on."""

import os
import signal
import sys
import threading
import time

import pytest

from tests.vckit.data_integrity.test_didkit_child import DID, METHOD, ours
from vckit.data_integrity import didkit_child
from vckit.data_integrity.didkit_child import Child, NotAgreedError, UnavailableError

CREDENTIAL = ours(DID, METHOD)
LARGE = {**CREDENTIAL, "filler": "x" * 1_000_000}


def child(script, seconds=20):
    return Child(command=(sys.executable, "-c", script), seconds=seconds)


def main_with(preparation):
    """The real child, after something was done to it."""
    return child(
        f"import os, sys\n{preparation}\n"
        "from vckit.data_integrity.didkit_child import main\nmain()\n"
    )


READ = "import os, signal, sys, time; sys.stdin.read(); "
NO_ANSWER = {
    "killed": "import os; os.kill(os.getpid(), 9)",
    "killed after half an answer": READ
    + "print('{\"agrees\": tr', end='', flush=True); os.kill(os.getpid(), 9)",
    "aborts": READ + "os.abort()",
    "ends at once": "",
    "ends without a line": READ + "print('{\"agrees\": true}', end='')",
    "garbage": READ + "sys.stdout.buffer.write(bytes(range(255, 0, -1)) + b'\\n')",
    "an empty line": READ + "print()",
    "another answer": READ + 'print(\'{"agrees": true, "credential": {}}\')',
    "no object": READ + "print('true')",
    "two answers in one line": READ + 'print(\'{"agrees": true, "agrees": false}\')',
    "too much": READ + "sys.stdout.write('x' * 5_000_000)",
    "missing module": "import no_such_module",
}


@pytest.mark.parametrize("how", NO_ANSWER)
def test_a_child_without_an_answer_gives_no_opinion(how):
    with pytest.raises(UnavailableError):
        didkit_child.verify(CREDENTIAL, child=child(NO_ANSWER[how]))


def test_a_program_that_is_not_there_gives_no_opinion():
    with pytest.raises(UnavailableError):
        didkit_child.verify(CREDENTIAL, child=Child(command=("/no/such/program",)))


ENDLESS = {
    "sleeps": READ + "time.sleep(60)",
    "sleeps and reads nothing": "import time; time.sleep(60)",
    "never ends its line": READ + "\nwhile True: print(' ', end='', flush=True); time.sleep(0.05)",
    "does not mind signals": "import signal; signal.signal(15, signal.SIG_IGN); "
    + READ
    + "time.sleep(60)",
}


@pytest.mark.parametrize("how", ENDLESS)
@pytest.mark.parametrize("credential", [CREDENTIAL, LARGE], ids=["small", "large"])
def test_a_hanging_child_is_killed_in_time(how, credential, tmp_path):
    note = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(__import__('os').getpid())); "
    began = time.monotonic()
    with pytest.raises(UnavailableError):
        didkit_child.verify(credential, child=child(note + ENDLESS[how], seconds=0.5))
    assert time.monotonic() - began < 5
    if (tmp_path / "pid").exists():  # a busy host may not even have started it
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_child_that_is_killed_while_it_works_gives_no_opinion(tmp_path):
    note = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(__import__('os').getpid()) + '.'); "

    def kill():
        while not (tmp_path / "pid").exists() or "." not in (tmp_path / "pid").read_text():
            time.sleep(0.02)
        os.kill(int((tmp_path / "pid").read_text()[:-1]), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(UnavailableError, match="without an answer"):
        didkit_child.verify(CREDENTIAL, child=child(note + "import time; time.sleep(60)"))
    killer.join()


AFTER_THE_ANSWER = {
    "crashes": "os.abort()",
    "is killed": "os.kill(os.getpid(), 9)",
    "hangs": "__import__('time').sleep(60)",
    "goes on talking": "os.write(1, b'x' * 100)",
}


@pytest.mark.parametrize("how", AFTER_THE_ANSWER)
def test_how_a_child_ends_after_its_answer_is_of_no_importance(how):
    """The real child and the real didkit; only its own clean end is taken away."""
    ending = main_with(f"os._exit = lambda status: {AFTER_THE_ANSWER[how]}")
    didkit_child.verify(CREDENTIAL, child=ending)
    with pytest.raises(NotAgreedError):
        didkit_child.verify({**CREDENTIAL, "id": "urn:other"}, child=ending)


def test_where_didkit_is_not_installed_there_is_no_opinion():
    with pytest.raises(UnavailableError):
        didkit_child.verify(CREDENTIAL, child=main_with("sys.modules['didkit'] = None"))


DIDKIT_OF_ITS_OWN = """
import types
async def verify_credential(credential, options):
    {body}
sys.modules["didkit"] = types.SimpleNamespace(
    verify_credential=verify_credential, DIDKitException=KeyError
)
"""


@pytest.mark.parametrize(
    "body",
    ["bytearray(3 * 1024**3)", "exec('while True: pass')", "raise BaseException"],
    ids=["memory", "processor", "panic"],
)
def test_a_didkit_beyond_its_limits_gives_no_opinion(body):
    greedy = main_with(
        "from vckit.data_integrity import didkit_child\n"
        "didkit_child.DIDKIT = didkit_child.Child(seconds=1)\n"
        + DIDKIT_OF_ITS_OWN.format(body=body)
    )
    with pytest.raises(UnavailableError, match="without an answer"):
        didkit_child.verify(CREDENTIAL, child=greedy)


def test_at_most_two_children_at_once_and_a_third_waits_no_longer_than_its_time():
    slow = child("import time; time.sleep(60)", seconds=3)
    busy = [
        threading.Thread(target=pytest.raises, args=(UnavailableError, ask, slow)) for _ in "12"
    ]
    for thread in busy:
        thread.start()
    time.sleep(0.5)
    with pytest.raises(UnavailableError, match="Too many"):
        ask(child("", seconds=0.2))
    for thread in busy:
        thread.join()


def ask(one):
    didkit_child.verify(CREDENTIAL, child=one)


def test_after_all_this_the_caller_goes_on():
    with pytest.raises(UnavailableError):
        didkit_child.verify(CREDENTIAL, child=child("import os; os.kill(os.getpid(), 9)"))
    didkit_child.verify(CREDENTIAL)
