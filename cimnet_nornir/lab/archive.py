"""The configuration archive, and changes that are taken back unless they are confirmed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

NOT_PENDING: Final = "%No Rollback Confirmed Change pending"
_TIMER: Final = "revert"
_DEFAULT_MAXIMUM: Final = "10"


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that the device takes back when its time is up: by whom, how long, and what was there before."""

    user: str
    minutes: int
    idle: bool
    url: str
    before: str
    since: datetime


class Archive:
    """The archive of one device; what is in it by number is forgotten by a reload, the files stay."""

    def __init__(self, device: "Device") -> None:
        self._device = device
        self.pending: Pending | None = None
        self.saved: list[tuple[int, str]] = []
        self._count = 0

    def forget(self) -> None:
        """What a reload does."""
        self.pending, self.saved, self._count = None, [], 0

    @property
    def path(self) -> str:
        """The configured `path`, `$h` in it replaced by the host name; empty while the archive is off."""
        line = self._device.running.get("archive")
        path = "" if line is None else line.section.value("path", name="path")
        return path.replace("$h", self._device.hostname).replace("$H", self._device.hostname)

    @property
    def maximum(self) -> int:
        """How many configurations are kept."""
        line = self._device.running.get("archive")
        kept = _DEFAULT_MAXIMUM if line is None else line.section.value("maximum", name="count", default="10")
        return int(kept)

    @property
    def follows_save(self) -> bool:
        """Whether `write memory` archives as well."""
        line = self._device.running.get("archive")
        return bool(self.path) and line is not None and line.section.has("write-memory")

    @property
    def next_url(self) -> str:
        """The file that the next copy goes to."""
        return f"{self.path}-{self._count + 1}"

    def store(self) -> tuple[str, str]:
        """Copy the running configuration to the next file; its URL, and IOS's complaint where that failed."""
        url = self.next_url
        complaint = self._device.flash.write(url, self._device.running_config().encode())
        if complaint:
            return url, complaint
        self._count += 1
        self.saved.append((self._count, url))
        while len(self.saved) > self.maximum:
            self._device.flash.delete(self.saved.pop(0)[1])
        return url, ""

    def arm(self, user: str, minutes: int, *, idle: bool = False) -> tuple[str, str]:
        """Take the running configuration back in so many minutes; the backup's URL, and a complaint if it failed."""
        before = self._device.running_config()
        url, complaint = self.store()
        if not complaint:
            self.pending = Pending(user, minutes, idle, url, before, self._device.clock())
            self._wind()
        return url, complaint

    def rewind(self, minutes: int, *, idle: bool) -> bool:
        """Give the pending change another time; False when none is pending."""
        if self.pending is None:
            return False
        old = self.pending
        self.pending = Pending(old.user, minutes, idle, old.url, old.before, self._device.clock())
        self._wind()
        return True

    def typed(self, user: str) -> None:
        """The user did something: an idle timer starts anew."""
        if self.pending is not None and self.pending.idle and self.pending.user == user:
            self._wind()

    def _wind(self) -> None:
        if self.pending is not None:
            self._device.timers.set(_TIMER, timedelta(minutes=self.pending.minutes), self._expire)

    def _expire(self) -> None:
        self.revert()

    def confirm(self) -> bool:
        """Keep what was changed; False when no change is pending."""
        found, self.pending = self.pending is not None, None
        self._device.timers.cancel(_TIMER)
        return found

    def revert(self) -> str:
        """Take the change back now; the URL of the configuration that is there again, empty when none is pending."""
        pending = self.pending
        if pending is None:
            return ""
        self.confirm()
        self._device.replace_running(pending.before, pending.user)
        return pending.url

    def text(self) -> str:
        """What `show archive` prints."""
        if not self.path:
            return "Archive feature not enabled"
        last = self.saved[-1][0] if self.saved else 0
        rows = [f"{number:>4}       {url}{' <- Most Recent' if number == last else ''}" for number, url in self.saved]
        return "\n".join(
            [
                f"The maximum archive configurations allowed is {self.maximum}.",
                *([f"There are currently {len(self.saved)} archive configurations saved."] if self.saved else []),
                f"The next archive file will be named {self.next_url}",
                " Archive #  Name",
                *rows,
            ]
        )

    def timer_text(self) -> str:
        """What `show archive config rollback timer` prints."""
        pending = self.pending
        if pending is None:
            return NOT_PENDING
        at = pending.since
        return "\n".join(
            [
                f"Time configured(or reconfigured): {at:%H:%M:%S} UTC {at:%a %b} {at.day} {at.year}",
                f"Timer type: {'idle' if pending.idle else 'absolute'} timer",
                f"Timer value: {pending.minutes} min",
                f"User: {pending.user}",
            ]
        )
