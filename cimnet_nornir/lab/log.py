"""What a device logs of who configured it: the messages of its buffer, with the stamps that it is told to write."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from cimnet_nornir.lab.device import Device

_MOST: Final = 200
# Whoever reaches a simulated device comes over loopback.
_ADDRESS: Final = "127.0.0.1"


class DeviceLog:
    """The log buffer of one device; a reload empties it."""

    def __init__(self, device: "Device") -> None:
        self._device = device
        self._messages: list[tuple[datetime, str]] = []

    @property
    def text(self) -> str:
        """The messages since the device booted, oldest first."""
        return "\n".join(text for booted, text in self._messages if booted == self._device.booted)

    @property
    def count(self) -> int:
        """How many messages there are."""
        return sum(booted == self._device.booted for booted, _ in self._messages)

    def configured(self, user: str, line: int) -> None:
        """Somebody left configuration mode."""
        self._say(f"%SYS-5-CONFIG_I: Configured from console by {user} on vty{line - 1} ({_ADDRESS})")

    def typed(self, user: str, command: str) -> None:
        """Somebody typed a configuration command, and the archive's log tells syslog."""
        archive = self._device.running.get("archive")
        log = archive.section.get("log config") if archive else None
        if log is not None and log.section.has("logging enable") and log.section.has("notify syslog"):
            self._say(f"%PARSER-5-CFGLOG_LOGGEDCMD: User:{user}  logged command:{command.strip()}")

    def _say(self, message: str) -> None:
        buffered = self._device.running.get("logging buffered")
        if buffered is not None and buffered.text.startswith("no "):
            return
        self._messages.append((self._device.booted, f"{self._stamp()}{message}"))
        del self._messages[:-_MOST]

    def _stamp(self) -> str:
        """`*Nov 29 20:11:33.123: ` where the device is told to write the time, else how long it is up, or nothing."""
        stamps = self._device.running.get("service timestamps", "log")
        if stamps is None:
            return ""
        now, words = self._device.clock(), stamps.text.split()
        if "datetime" not in words:
            seconds = int((now - self._device.booted).total_seconds())
            return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}: "
        year = f" {now.year}" if "year" in words else ""
        fraction = f".{now.microsecond // 1000:03d}" if "msec" in words else ""
        zone = " UTC" if "show-timezone" in words else ""
        return f"*{now:%b} {now.day:>2}{year} {now:%H:%M:%S}{fraction}{zone}: "
