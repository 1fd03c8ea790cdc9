"""`cimnet watch` at a terminal: the screen, kept up to date until somebody has seen enough."""

import time
from dataclasses import dataclass, field, replace

from rich.console import Console
from rich.live import Live

from cimnet_nornir.application.logs import log
from cimnet_nornir.application.watching import News, View, Watching
from cimnet_nornir.cli.keyboard import keys
from cimnet_nornir.cli.watch_screen import screen
from cimnet_nornir.errors import StoreUnavailable

_TICK = 0.25
_SECOND = 1.0
# What devices say of themselves is in a table, and no event tells of it.
_LOOK_AGAIN = 10.0
# Of a big network a look takes a while: no more than a part of the time is spent on looking.
_REST = 3
_ENOUGH = frozenset("qQ\x03\x04")


def live(watching: Watching, console: Console) -> None:
    """Show the network until q is pressed."""
    with (
        watching.news() as news,
        keys() as pressed,
        Live(console=console, screen=True, auto_refresh=False, vertical_overflow="crop") as shown,
    ):
        scene, drawn, size = Scene(watching, watching.look()), 0.0, console.size
        while True:
            now = time.monotonic()
            if scene.look_again(news, now) or now - drawn >= _SECOND or console.size != size:
                drawn, size = now, console.size
                shown.update(screen(scene.seen(), size.width, size.height, state=scene.state), refresh=True)
            if pressed.wait(_TICK) in _ENOUGH:
                return


@dataclass(slots=True)
class Scene:
    """What was seen last; `state` says whether that is the present."""

    watching: Watching
    view: View
    state: str = "live"
    _stale: bool = False
    _looked: float = field(default_factory=time.monotonic)
    _cost: float = 0.0

    def look_again(self, news: News, now: float) -> bool:
        """Take in what came, and look where something is to be seen anew; whether that was so."""
        for batch in news.take():
            self.watching.take_in(batch)
            self._stale = True
        passed = now - self._looked
        due = self._stale or passed >= (_SECOND if self.view.restless else _LOOK_AGAIN)
        if not due or passed < _REST * self._cost:
            return False
        self._look(now)
        return True

    def _look(self, now: float) -> None:
        try:
            self.view, self.state, self._stale = self.watching.look(), "live", False
        except StoreUnavailable as error:
            if self.state == "live":
                log("the store cannot be reached; it is tried again", event="store", reason=error.message)
            self.state = "store not reached"
        self._looked = time.monotonic()
        self._cost = self._looked - now

    def seen(self) -> View:
        """What was seen last, told as of now: how long ago things were goes on."""
        return replace(self.view, at=self.watching.now())
