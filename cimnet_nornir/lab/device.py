"""One simulated device: its configuration, what it keeps over a reload, and its view of the lab."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.lab.answers import Answer, Question
from cimnet_nornir.lab.archive import Archive
from cimnet_nornir.lab.booting import configure
from cimnet_nornir.lab.clock import DeviceClock, Timers
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.configure import Configuration
from cimnet_nornir.lab.faults import Faults
from cimnet_nornir.lab.features.vtp import keep_vlans
from cimnet_nornir.lab.flash import Flash
from cimnet_nornir.lab.known_lines import Known
from cimnet_nornir.lab.log import DeviceLog
from cimnet_nornir.lab.names import canonical_interface, type_of
from cimnet_nornir.lab.profiles import Profile, profile_of
from cimnet_nornir.lab.running import running_text
from cimnet_nornir.lab.secret_text import secret_matches, type7_plain
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, VtpMode, key_blob
from cimnet_nornir.lab.storage import MemoryStorage
from cimnet_nornir.lab.traffic import Traffic

if TYPE_CHECKING:
    from cimnet_nornir.lab.lock import ConfigurationLock
    from cimnet_nornir.lab.storage import Storage
    from cimnet_nornir.lab.topology import Topology

_ERROR: Final = re.compile(
    r"^(?:%(?! (?:Access|Voice) VLAN| OSPF| Login|Warning|Portfast)|Command rejected|Bad mask|Entry already running)",
    re.MULTILINE,
)
_ADMINISTRATOR: Final = 15


@dataclass(frozen=True, slots=True)
class Stamp:
    """When the configuration was changed or saved, and by whom."""

    at: datetime
    user: str = ""


class Device:
    """A device that is switched on; `boot` is what a reload does."""

    def __init__(
        self,
        declared: LabDevice,
        credentials: LabCredentials,
        storage: "Storage",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        like: "Device | None" = None,
    ) -> None:
        self.declared = declared
        self.profile: Profile = like.profile if like is not None else profile_of(declared, storage.read_copied())
        self.credentials = credentials
        self.storage = storage
        self.clock: DeviceClock = DeviceClock(clock)
        self.timers = Timers(self.clock)
        self.faults = Faults()
        self.flash = Flash(storage, lambda: self.faults.full)
        self.archive: Archive = Archive(self)
        self.log = DeviceLog(self)
        self.lock: ConfigurationLock | None = None
        self.input_errors: dict[str, int] = {}
        self.terminals: set[int] = set()
        # What `reload` does where the device has connections to lose: the server's way of it.
        self.restart: Callable[[], None] = self.boot
        self.physical = frozenset(declared.interfaces)
        self._topology: Topology | None = None
        self.traffic = Traffic(self)
        self._powered = True
        self.booting = False
        self.rejected: tuple[str, ...] = ()
        self.running = Section()
        # The lines of a copy that are known by the letter.
        self.known: Known = dict(like.known) if like is not None else {}
        self.changed: Stamp | None = None
        self.saved: Stamp | None = None
        self.booted = self.clock()
        self.boot()

    @property
    def powered(self) -> bool:
        """Whether the device is switched on; its links are down while it is not."""
        return self._powered

    @powered.setter
    def powered(self, on: bool) -> None:
        self._powered = on
        self._forget()
        self.traffic.note_links()

    @property
    def topology(self) -> "Topology | None":
        """The cables of the lab that the device is in."""
        return self._topology

    @topology.setter
    def topology(self, topology: "Topology") -> None:
        self._topology = topology
        self.traffic.note_links()

    def _forget(self) -> None:
        if self.topology is not None:
            self.topology.forget()

    @property
    def hostname(self) -> str:
        """The configured name, or what IOS calls itself without one."""
        return self.running.value("hostname", name="hostname", default="Router" if self.profile.is_router else "Switch")

    @property
    def vtp_mode(self) -> str:
        """The VTP mode; routers have none and keep VLANs out of everything."""
        return self.running.value("vtp mode", name="mode", default="server")

    @property
    def startup(self) -> str:
        """The saved configuration; empty when there is none."""
        return self.storage.read_startup()

    def boot(self) -> None:
        """Come up with the defaults and the startup configuration; what was not saved is gone."""
        self._forget()
        self.timers.clear()
        self.archive.forget()
        self.lock = None
        self.input_errors.clear()
        self.traffic.reset()
        self.running = Section()
        self.booted = self.clock()
        self.changed = None
        self.booting = True
        self.rejected = configure(self)
        self.booting = False
        self.traffic.note_links()

    def load(self, text: str) -> tuple[str, ...]:
        """Merge configuration lines as a file does, with no questions asked; returns the lines that were refused."""
        configuration = Configuration(self)
        refused: list[str] = []
        waiting: Question | None = None
        for line in text.splitlines():
            if waiting is None and (line.strip() == "end" or not configuration.frames):
                break
            answer = waiting.then(line) if waiting else configuration.feed(line)
            waiting = answer.ask
            if self.is_error(answer):
                refused.append(line)
        return tuple(refused)

    @staticmethod
    def is_error(answer: Answer) -> bool:
        """Whether it says that a line of configuration was refused."""
        return _ERROR.search(answer.text) is not None

    def with_configuration(self, text: str) -> "Device":
        """A device like this one that booted with this configuration: what replacing the running one leads to.

        VLANs of a VTP server or client are as they are now: they are no part of a configuration.
        """
        declared = replace(self.declared, vtp_mode=cast("VtpMode", self.vtp_mode))
        return Device(declared, self.credentials, MemoryStorage(text, self.storage.read_vlans()), self.clock, self)

    def replace_running(self, text: str, user: str = "") -> tuple[str, ...]:
        """Make the running configuration what a file says; returns the lines that were refused."""
        other = self.with_configuration(text)
        self.take_over(other, user)
        return other.rejected

    def take_over(self, other: "Device", user: str = "") -> None:
        """Make the running configuration the one of a device that was booted for it."""
        self.running.become(other.running)
        self.touch(user)

    def features_of(self, line: Line | None) -> frozenset[str]:
        """The features a rule may ask for, those of the interface included when `line` is one."""
        if line is None or line.key[0] != "interface":
            return self.profile.features
        return self.profile.features | self._interface_features(line)

    def _interface_features(self, line: Line) -> frozenset[str]:
        name = line.key[1]
        kind = type_of(name)
        if "." in name:
            return frozenset({"routed", "subif"})
        own = {"physical"} if kind.physical else {kind.name.lower()}
        if "switching" not in self.profile.features or not (kind.physical or kind.name == "Port-channel"):
            return frozenset({*own, "routed"})
        return frozenset({*own, "port", "routed" if line.section.has("switchport") else "bridged"})

    def running_config(self) -> str:
        """The running configuration from `version` to `end`."""
        return running_text(self)

    def touch(self, user: str = "") -> None:
        """Note that the configuration was changed, and keep the VLAN database, which needs no saving."""
        self._forget()
        if self.booting:
            return
        self.traffic.note_links()
        self.changed = Stamp(self.clock(), user or (self.changed.user if self.changed else ""))
        if self.vtp_mode in {"server", "client"}:
            keep_vlans(self)

    def save(self, user: str = "") -> str:
        """Copy the running configuration to the startup configuration; what IOS complains of, empty if it did."""
        return self.write_startup(self.running_config(), user)

    def write_startup(self, text: str, user: str = "") -> str:
        """Replace the startup configuration; what IOS complains of, empty if it did."""
        if self.faults.refuse_save:
            return "startup-config file open failed (Not enough space)"
        self.saved = Stamp(self.clock(), user)
        self.storage.write_startup(text)
        return ""

    @property
    def unsaved(self) -> bool:
        """Whether running differs from startup."""
        return self.running_config() != self.startup

    def count_errors(self, interface: str, count: int = 100) -> None:
        """Raise the counters of input errors and CRC of an interface. Raises InvalidInput where it has none such."""
        name = canonical_interface(interface)
        if name is None or not self.running.has("interface", name):
            raise InvalidInput(f"fault errors: {self.declared.name} has no interface {interface!r}", subject=interface)
        self.input_errors[name] = self.input_errors.get(name, 0) + count

    def accepts(self, username: str, password: str) -> bool:
        """Whether a login is let in: the lab's own credentials, or a configured user."""
        ours = self.credentials
        if (username, password) == (ours.username, ours.password):
            return True
        return _matches(self.running.get("username", username), password)

    def accepts_key(self, username: str, key: bytes) -> bool:
        """Whether a public key, as it goes over the wire, lets the user in: those that the lab was given do."""
        ours = self.credentials
        return username == ours.username and key in map(key_blob, ours.authorized_keys)

    def level_of(self, username: str) -> int:
        """The privilege level a login starts with."""
        configured = self.running.value("username", username, name="level")
        if configured:
            return int(configured)
        return 15 if username == self.credentials.username and not self.credentials.enable else 1

    def may_copy(self, username: str) -> bool:
        """Whether SCP is granted: to the lab's own user, and to configured users of level 15."""
        return username == self.credentials.username or self.level_of(username) == _ADMINISTRATOR

    def accepts_enable(self, secret: str) -> bool:
        """Whether `enable` is granted."""
        if self.credentials.enable and secret == self.credentials.enable:
            return True
        return any(_matches(line, secret) for line in self.running.all("enable"))


def _matches(line: Line | None, plain: str) -> bool:
    if line is not None and "clear" in line.values:
        return line.values["clear"] == plain
    if line is None or "stored" not in line.values:
        return False
    stored = line.values["stored"]
    return type7_plain(stored) == plain if line.values["code"] == "7" else secret_matches(stored, plain)
