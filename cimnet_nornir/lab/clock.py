"""A device's clock, which can be set forward, and what the device does by itself at a time to come."""

from collections.abc import Callable
from datetime import datetime, timedelta


class DeviceClock:
    """The time a device believes in: the real one, and as far ahead of it as it was set."""

    def __init__(self, base: Callable[[], datetime]) -> None:
        self._base = base
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return self._base() + self._ahead

    def set_forward(self, by: timedelta) -> None:
        """Let it be later at once."""
        self._ahead += by


def _nobody() -> None:
    """Nobody needs to know when a timer was set."""


class Timers:
    """The timers of one device, by name; `on_change` is called whenever the next one may be another."""

    def __init__(self, clock: DeviceClock) -> None:
        self._clock = clock
        self._due: dict[str, tuple[datetime, Callable[[], None]]] = {}
        self.on_change: Callable[[], None] = _nobody

    def set(self, name: str, after: timedelta, action: Callable[[], None]) -> None:
        """Do `action` after a time; a timer of the same name is forgotten."""
        self._due[name] = (self._clock() + after, action)
        self.on_change()

    def cancel(self, name: str) -> bool:
        """Forget a timer; whether there was one."""
        found = self._due.pop(name, None) is not None
        self.on_change()
        return found

    def clear(self) -> None:
        """Forget all timers, as a device does that loses power."""
        self._due.clear()
        self.on_change()

    def due(self, name: str) -> datetime | None:
        """When a timer runs out."""
        found = self._due.get(name)
        return found[0] if found else None

    @property
    def next(self) -> datetime | None:
        """When the first timer runs out."""
        return min((due for due, _ in self._due.values()), default=None)

    def run(self) -> None:
        """Do what is due, the earliest first."""
        while self._due:
            name, (due, action) = min(self._due.items(), key=lambda item: item[1][0])
            if due > self._clock():
                break
            del self._due[name]
            action()
        self.on_change()

    def advance(self, by: timedelta) -> None:
        """Set the clock forward; what falls due on the way happens at its own time."""
        end = self._clock() + by
        while self.next is not None and self.next <= end:
            self._clock.set_forward(max(self.next - self._clock(), timedelta()))
            self.run()
        self._clock.set_forward(max(end - self._clock(), timedelta()))
        self.on_change()
