"""A case of a counsellor with everybody around it, to ask and to answer."""

from dataclasses import dataclass
from typing import Any

from tests.verifier.browser import Browser
from tests.verifier.wallet import OWNER, Wallet
from tests.verifier.world import World
from verifier import asking
from verifier.casework import case_report
from verifier.office import Office
from verifier.requestbook import Way
from verifier.store import Case
from verifier.wording import DUTCH


@dataclass
class Scene:
    """`app` and `client` are the verifier's, `browser` is the counsellor's."""

    office: Office
    world: World
    app: Any
    client: Any
    wallet: Wallet
    browser: Browser
    case: Case

    def ask(self, way: Way, **how: Any) -> Any:
        """A request of the case."""
        return asking.ask(self.office, self.case, way=way, now=self.world.now, **how)

    def report(self) -> dict[str, Any]:
        """The overview as scripts read it."""
        return case_report(self.office, self.case, self.world.now, DUTCH)

    def states(self) -> dict[str, str]:
        """How each organisation stands, by name."""
        return {each["name"]: each["state"] for each in self.report()["organisations"]}


def begun(office, world, app, client, wallet):
    """A scene with a fresh case over all organisations."""
    case = asking.open_case(
        office,
        owner=OWNER,
        person=None,
        chosen=asking.organisations(office, world.now),
        now=world.now,
    )
    browser = Browser(app.test_client()).log_in()
    return Scene(office, world, app, client, wallet, browser, case)
