"""The scheme in force: the newest good one that was ever offered, looked for while a service runs.

Row T05 of security.md: what is offered and no good never takes the place of the last good one,
however it came there, and nothing ever falls back to trusting all.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol, Self

from vckit.database import StorageUnavailableError
from vckit.errors import ConfigurationError
from vckit.trust.scheme import Scheme, SchemeError

# An alarm that nobody hears sounds again.
ALARM_AGAIN_SECONDS: Final = 3_600


@dataclass(frozen=True)
class Kept:
    """A signed scheme as its bytes, and the version that was read from it."""

    version: int
    content: bytes


class Memory(Protocol):
    """Outlives the process: the newest scheme that was found good."""

    def newest(self) -> Kept | None:
        """Give the newest that was kept."""
        ...

    def keep(self, kept: Kept) -> None:
        """Keep it, unless a newer one is kept already."""
        ...


class Source(Protocol):
    """Where schemes are offered, and by whom they must be signed."""

    @property
    def reload_seconds(self) -> int:
        """How often to look."""
        ...

    @property
    def grace_seconds(self) -> int:
        """How long after its end the scheme in force is still used."""
        ...

    def read(self) -> bytes:
        """Give what is offered now; SchemeError when it can't be read."""
        ...

    def verify(
        self, content: bytes, now: int, *, minimum_version: int = 0, grace_seconds: int = 0
    ) -> Scheme:
        """Give its value as `verify_scheme` does; SchemeError."""
        ...


# Why what is offered is not taken, and the version in force (None at a start without one).
Alarm = Callable[[SchemeError, int | None], None]
Judge = Callable[[Scheme, int], None]


def accept(_scheme: Scheme, _now: int) -> None:
    """Whoever has no place of its own on a scheme needs none."""


class SchemeKeeper:
    """Holds the scheme in force. One for each process; what it takes is in `memory` first.

    `judge` raises ConfigurationError when a scheme lacks what this service itself needs of it: it
    is in force all the same, with an alarm. `demo` lets the scheme of a demo in.
    """

    def __init__(
        self,
        source: Source,
        memory: Memory,
        alarm: Alarm,
        *,
        demo: bool = False,
        judge: Judge = accept,
    ) -> None:
        self._source = source
        self._memory = memory
        self._alarm = alarm
        self._demo = demo
        self._judge = judge
        self._scheme: Scheme | None = None
        self._next = 0
        self._sounded: tuple[str, int] | None = None
        # Why what is offered now is not taken, or None: all is well.
        self.trouble: SchemeError | None = None

    @property
    def scheme(self) -> Scheme:
        """The scheme in force; SchemeError as long as there was none to be had."""
        if self._scheme is None:
            raise self.trouble or SchemeError("There is no scheme.", "unreadable")
        return self._scheme

    def open(self, now: int) -> Self:
        """Find the scheme in force at a start; SchemeError when there is none to be had."""
        self._look(now)
        _found = self.scheme
        return self

    def refresh(self, now: int) -> None:
        """Look again when it is time. A database that fails has an alarm of its own."""
        if now >= self._next:
            with suppress(StorageUnavailableError):
                self._look(now)

    def require_current(self, now: int) -> None:
        """SchemeError when the scheme in force ended longer ago than the grace: trust nobody."""
        if self.scheme.expires_at + self._source.grace_seconds <= now:
            raise SchemeError("The scheme ended and no new one came.", "ended")

    def require_fresh(self, now: int) -> None:
        """SchemeError when the scheme in force has ended: nobody begins with such a one."""
        if self.scheme.expires_at <= now:
            raise SchemeError("The scheme has expired.", "expired")

    def _look(self, now: int) -> None:
        self._next = now + self._source.reload_seconds
        kept = self._memory.newest()
        if kept is not None:
            self._take_kept(kept, now)
        try:
            self._take_offered(kept.version if kept else 0, now)
            self._require_our_place(now)
        except SchemeError as error:
            self._sound(error, now)
        else:
            self.trouble = self._sounded = None

    def _take_kept(self, kept: Kept, now: int) -> None:
        """What another worker found good, or this service before it was started anew."""
        if self._scheme is not None and self._scheme.version >= kept.version:
            return
        grace_seconds = self._source.grace_seconds
        with suppress(SchemeError):
            found = self._source.verify(kept.content, now, grace_seconds=grace_seconds)
            require_real(found, demo=self._demo)
            self._scheme = found

    def _take_offered(self, seen: int, now: int) -> None:
        content = self._source.read()
        offered = self._source.verify(content, now, minimum_version=seen)
        require_real(offered, demo=self._demo)
        if self._scheme is not None and self._scheme.version == offered.version:
            if self._scheme != offered:
                # A version is one document: who signs two wants to show them to different people.
                raise SchemeError("There are two schemes of this version.", "other_content")
            return
        self._memory.keep(Kept(offered.version, content))
        self._scheme = offered

    def _require_our_place(self, now: int) -> None:
        try:
            self._judge(self.scheme, now)
        except ConfigurationError as error:
            raise SchemeError(str(error), "left_out") from None

    def _sound(self, error: SchemeError, now: int) -> None:
        self.trouble = error
        if self._sounded is not None:
            reason, at = self._sounded
            if reason == error.reason and now - at < ALARM_AGAIN_SECONDS:
                return
        self._sounded = (error.reason, now)
        self._alarm(error, self._scheme.version if self._scheme else None)


def require_real(scheme: Scheme, *, demo: bool) -> None:
    """Refuse the scheme of a demo outside one (row T13): SchemeError."""
    if scheme.demo and not demo:
        raise SchemeError("The scheme is that of a demo.", "demo")
