"""How the parts of the child say no."""


class Refused(Exception):  # noqa: N818  an answer, not a fault
    """The document is refused; `reason` is one of `opening.STATUSES`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
