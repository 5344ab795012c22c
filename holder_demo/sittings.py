"""Who has the wallet open in which browser, in memory only: it ends with the process.

A sitting begins with the PIN and ends after fifteen minutes without use. What a person is about to
decide (an offer, a received card, a question) waits inside it and is never written down.
"""

import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from holder_demo.wallet import Wallet
from vckit.trust import Organisation

IDLE_SECONDS = 900
MAX_WRONG_PINS = 5
LOCK_SECONDS = 30
_MAX_WAITING = 20


@dataclass(frozen=True)
class Trip:
    """On the way for a question (`decision_id`): the organisations that were not visited yet."""

    decision_id: str
    lacking: list[Organisation]

    def after(self, organisation: str) -> Organisation | None:
        """Give where to go next, from an organisation with this name."""
        return next((each for each in self.lacking if each.name != organisation), None)


@dataclass
class Sitting:
    """One open wallet; `waiting` holds what is to be decided, by a random id.

    Under `lock` one step at a time is taken: of two clicks on a button the second finds it done.
    """

    wallet: Wallet
    used_at: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: dict[str, Any] = field(default_factory=dict)
    trip: Trip | None = None

    def put(self, thing: Any, decision_id: str | None = None) -> str:
        """Let something wait for a decision, in the place of what waited under the same id."""
        decision_id = decision_id or secrets.token_urlsafe(12)
        self.waiting[decision_id] = thing
        while len(self.waiting) > _MAX_WAITING:
            del self.waiting[next(iter(self.waiting))]
        return decision_id


class Sittings:
    """All sittings of this process, by the secret in the browser's cookie."""

    def __init__(self) -> None:
        self._by_token: dict[str, Sitting] = {}
        self._wrong = 0
        self._locked_until = 0
        self._lock = threading.Lock()

    def begin(self, wallet: Wallet, now: int) -> str:
        """Open a sitting and give its secret."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._wrong = 0
            self._by_token[token] = Sitting(wallet, now)
        return token

    def find(self, token: str, now: int) -> Sitting | None:
        """Give the sitting of a secret and note its use; None when there is none any more."""
        with self._lock:
            for stale in [t for t, s in self._by_token.items() if s.used_at + IDLE_SECONDS <= now]:
                del self._by_token[stale]
            sitting = self._by_token.get(token)
            if sitting is not None:
                sitting.used_at = now
            return sitting

    def end(self, token: str) -> None:
        """Close a sitting."""
        with self._lock:
            self._by_token.pop(token, None)

    def is_locked(self, now: int) -> bool:
        """Tell whether too many wrong PINs came just now."""
        with self._lock:
            return now < self._locked_until

    def wrong_pin(self, now: int) -> None:
        """Count a wrong PIN; the fifth in a row shuts the door for a while."""
        with self._lock:
            self._wrong += 1
            if self._wrong >= MAX_WRONG_PINS:
                self._wrong, self._locked_until = 0, now + LOCK_SECONDS
