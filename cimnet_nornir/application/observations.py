"""What devices say of themselves when they are asked: facts, ports with their counters, and neighbours.

Observations are kept in a table with retention; only changes of state are events.
"""

from datetime import datetime

from pydantic import AwareDatetime

from cimnet_nornir.domain.values import Value


class DeviceFacts(Value):
    """A device as it describes itself. Percentages are 0 to 100; what it does not tell is None.

    `cpu` is the load over the last five seconds, `cpu_minute` over the last minute; memory in bytes.
    """

    hostname: str = ""
    vendor: str = ""
    model: str = ""
    version: str = ""
    serial: str = ""
    uptime: int | None = None
    cpu: float | None = None
    cpu_minute: float | None = None
    memory_used: int | None = None
    memory_total: int | None = None

    @property
    def memory(self) -> float | None:
        """How much of the memory is in use, in percent."""
        if self.memory_used is None or not self.memory_total:
            return None
        return 100 * self.memory_used / self.memory_total


class PortState(Value):
    """A port as it is now, by its canonical name, and what it has counted since the device was started.

    `enabled` is false where it is shut down, `up` tells of its line protocol; `speed` in Mbit/s, 0 where unknown.
    """

    name: str
    enabled: bool
    up: bool
    description: str = ""
    speed: int = 0
    mtu: int = 0
    in_octets: int = 0
    out_octets: int = 0
    in_packets: int = 0
    out_packets: int = 0
    in_errors: int = 0
    out_errors: int = 0
    in_discards: int = 0
    out_discards: int = 0


class SeenNeighbor(Value):
    """What a device hears at one of its ports: the name and port that the other end says it has.

    `name` is as it was said, with its domain; `remote_port` is canonical where it is a port of IOS.
    """

    port: str
    name: str
    remote_port: str
    protocol: str
    """`cdp` or `lldp`."""
    address: str = ""
    platform: str = ""


class Observed(Value):
    """All that one device said when it was asked at a moment. `device` is its id."""

    device: str
    at: AwareDatetime
    facts: DeviceFacts
    ports: tuple[PortState, ...] = ()
    neighbors: tuple[SeenNeighbor, ...] = ()


class DeviceStatus(Value):
    """What is known of one device's state in an environment, at a moment.

    `reachability` is what was observed last ("up", "down", "unreachable"), None where nobody ever looked; `since` is
    when it became so, `seen` when the device last answered. `health` sums it up for a colour:

    - "unknown": never looked at
    - "unreachable": it did not answer, or says that it is down
    - "in doubt": a push to it was started, and its outcome is not known
    - "failed": the last push to it failed, and it does not run what is intended
    - "drift": what runs was changed by others
    - "deploying": it is being pushed to
    - "ok": it answers, and nothing of the above

    The first that holds of "deploying", "in doubt", "unreachable", "failed", "drift", "unknown", "ok" counts.
    """

    device: str
    name: str
    kind: str
    role: str = ""
    site: str = ""
    platform: str = ""
    model: str = ""
    management: str = ""
    lifecycle: str = ""
    health: str = "unknown"
    reachability: str | None = None
    reason: str = ""
    since: datetime | None = None
    seen: datetime | None = None
    drift: int = 0
    """How many lines of its configuration were changed by others, and count."""
    ignored: int = 0
    """How many lines of its configuration were changed by others, and are let be for a time."""
    ignored_until: datetime | None = None
    """When the first of these counts as drift again."""
    pending: bool = False
    """Whether intent is newer than what was applied to it last."""
    facts: DeviceFacts | None = None
    ports_up: int | None = None
    ports_down: int | None = None
    """Ports that are enabled and not up."""
    port_errors: int | None = None


HEALTH = ("ok", "deploying", "drift", "failed", "in doubt", "unreachable", "unknown")
"""Every health there is, the best first; "unknown" says that nobody has looked."""
