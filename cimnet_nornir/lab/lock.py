"""The lock on configuration mode: `configuration mode exclusive` and `configure terminal lock`."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device
    from cimnet_nornir.lab.session import Session


@dataclass(frozen=True, slots=True)
class ConfigurationLock:
    """Who locks configuration mode; a lock without a session is one that a fault made."""

    user: str
    process: int
    terminal: int
    since: datetime
    session: "Session | None" = None


def lock_of(device: "Device") -> ConfigurationLock | None:
    """The lock that is on the device; a fault's comes first."""
    user = device.faults.locked
    return device.lock if user is None else ConfigurationLock(user, 3, 0, device.booted)


def refusal(device: "Device", session: "Session") -> str:
    """What another session is told while the configuration is locked, empty while it is not."""
    lock = lock_of(device)
    if lock is None or lock.session is session:
        return ""
    return (
        f"Configuration mode locked exclusively by user '{lock.user}' process '{lock.process}' "
        f"from terminal '{lock.terminal}'. Please try later."
    )


def locking(device: "Device", *, asked: bool) -> bool | str:
    """Whether entering configuration mode locks it (`asked`: by `configure terminal lock`), or IOS's complaint."""
    line = device.running.get("configuration mode exclusive")
    if line is None:
        return "%Configuration lock is not enabled: configuration mode exclusive" if asked else False
    return asked or line.values.get("how", "auto") == "auto"


def take(device: "Device", session: "Session") -> None:
    """Lock configuration mode for a session."""
    device.lock = ConfigurationLock(session.user, 100 + session.line, session.line, device.clock(), session)


def release(device: "Device", session: "Session") -> None:
    """Unlock configuration mode if it is this session that locks it."""
    if device.lock is not None and device.lock.session is session:
        device.lock = None


def lock_text(device: "Device") -> str:
    """What `show configuration lock` prints."""
    lock = lock_of(device)
    held = lock is not None
    rows = [
        ("Owner PID", str(lock.process if lock else -1)),
        ("User", lock.user if lock else "unknown"),
        ("TTY", str(lock.terminal if lock else -1)),
        ("Type", "EXCLUSIVE" if held else "NO LOCK"),
        ("State", "LOCKED" if held else "FREE"),
        ("Class", "EXPOSED" if held else "unknown"),
        ("Count", "1" if held else "0"),
        ("Pending Requests", "0"),
        ("User debug info", "configure terminal" if held else "0"),
        ("Session idle state", "TRUE"),
        ("No of exec cmds getting executed", "0"),
        ("No of exec cmds blocked", "0"),
        ("Config wait for show completion", "FALSE"),
        ("Remote ip address", "Unknown"),
        ("Lock active time (in Sec)", str(int((device.clock() - lock.since).total_seconds()) if lock else 0)),
        ("Lock Expiration timer (in Sec)", "0"),
    ]
    return "\n".join(["Parser Configure Lock", "-" * 21, *(f"{name:<18}: {value}" for name, value in rows)])
