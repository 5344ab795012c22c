"""What an app works with, and its clock, within reach of the views that answer a request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import flask

Content = TypeVar("Content")


@dataclass(frozen=True)
class Running(Generic[Content]):
    """One kind of content of an app; `name` tells it from other extensions of the app."""

    name: str

    def install(self, app: flask.Flask, content: Content, clock: Callable[[], float]) -> None:
        """Give the app what its views work with."""
        app.extensions[self.name] = (content, clock)

    def content(self) -> Content:
        """What the app that answers this request works with."""
        return self._installed()[0]

    def now(self) -> int:
        """The time of the app's clock in epoch seconds."""
        return int(self._installed()[1]())

    def _installed(self) -> tuple[Content, Callable[[], float]]:
        installed = flask.current_app.extensions[self.name]
        return cast("tuple[Content, Callable[[], float]]", installed)
