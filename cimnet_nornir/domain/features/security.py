"""The guards of layer 2: port security, storm control, DHCP snooping, ARP inspection, UDLD, errdisable."""

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from cimnet_nornir.domain.features.switching import PortSetting, SwitchSetting, negotiates
from cimnet_nornir.domain.values import Line, MacAddress, VlanSet
from cimnet_nornir.errors import InvalidValue, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_PERCENT = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})?|100(?:\.0{1,2})?)")
_RATE = re.compile(r"\d{1,10}(?:\.\d)?[kmg]?")
_MOST_LEVELS = 2
_CREDENTIALS = re.compile(r"//[^/]*@")

Cause = Literal[
    "arp-inspection",
    "bpduguard",
    "channel-misconfig",
    "dhcp-rate-limit",
    "dtp-flap",
    "gbic-invalid",
    "inline-power",
    "l2ptguard",
    "link-flap",
    "loopback",
    "mac-limit",
    "pagp-flap",
    "port-mode-failure",
    "pppoe-ia-rate-limit",
    "psecure-violation",
    "psp",
    "security-violation",
    "sfp-config-mismatch",
    "small-frame",
    "storm-control",
    "udld",
]
Validation = Literal["src-mac", "dst-mac", "ip"]


def _level(value: str) -> str:
    """A level of storm control as IOS shows it: percents with two decimals, `bps 10m 5m`, `pps 100`."""
    unit, _, rest = value.strip().partition(" ")
    levels = (rest if unit in ("bps", "pps") else value).split()
    pattern = _RATE if unit in ("bps", "pps") else _PERCENT
    if not 1 <= len(levels) <= _MOST_LEVELS or not all(pattern.fullmatch(level) for level in levels):
        raise InvalidValue(f"{value!r} is no level; write it like 20, 20 10, bps 10m or pps 100", subject="level")
    if unit in ("bps", "pps"):
        return " ".join((unit, *levels))
    return " ".join(f"{float(level):.2f}" for level in levels)


def _without_password(value: str) -> str:
    if _CREDENTIALS.search(value):
        raise InvalidValue("an address with a user in it would show the password", subject="database")
    return value


def _once(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(value)))


def _in_order(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(kind for kind in ("src-mac", "dst-mac", "ip") if kind in value)


Level = Annotated[str, AfterValidator(_level)]
Causes = Annotated[tuple[Cause, ...], AfterValidator(_once)]
Count = Annotated[int, Field(ge=1, le=8192)]


class PortSecurity(PortSetting):
    """Who may send on a port: `sticky` keeps whom it saw, `addresses` are those that may anyway."""

    FEATURE: ClassVar[str] = "port-security"

    enabled: bool = True
    maximum: Count | None = None
    maximum_access: Count | None = None
    maximum_voice: Count | None = None
    violation: Literal["protect", "restrict", "shutdown"] | None = None
    aging_time: Annotated[int, Field(ge=1, le=1440)] | None = None
    aging_inactivity: bool = False
    aging_static: bool = False
    sticky: bool = False
    addresses: Annotated[tuple[MacAddress, ...], AfterValidator(_once)] = ()

    def check(self, device: "Device") -> None:
        """Refuse to secure a port that negotiates its mode, as IOS does. Raises PortNotFound, RuleViolated."""
        super().check(device)
        if self.enabled and negotiates(device, self.interface):
            raise RuleViolated(
                f"{device.name} {self.interface} negotiates its mode and cannot be secured; make it access or trunk",
                subject=f"{device.name} {self.interface}",
            )


class StormControl(PortSetting):
    """How much of a kind of frame a port takes in before it drops them, and what it does then."""

    FEATURE: ClassVar[str] = "storm-control"

    broadcast: Level | None = None
    multicast: Level | None = None
    unicast: Level | None = None
    shutdown: bool = False
    trap: bool = False


class ErrDisable(SwitchSetting):
    """The causes after which a disabled port comes up again by itself, and when; and those that are not looked for."""

    FEATURE: ClassVar[str] = "errdisable"

    recovery: Causes = ()
    interval: Annotated[int, Field(ge=30, le=86400)] | None = None
    undetected: Causes = ()


class Udld(SwitchSetting):
    """The detection of links that carry frames one way only, on all ports of fibre."""

    FEATURE: ClassVar[str] = "udld"

    mode: Literal["enable", "aggressive"] | None = None
    message_time: Annotated[int, Field(ge=1, le=90)] | None = None


class UdldPort(PortSetting):
    """The same on one port, whatever it is made of."""

    FEATURE: ClassVar[str] = "udld-port"

    mode: Literal["enable", "aggressive", "disable"] = "enable"


class DhcpSnooping(SwitchSetting):
    """In which VLANs only trusted ports may answer DHCP, and what a switch adds to requests and remembers."""

    FEATURE: ClassVar[str] = "dhcp-snooping"

    enabled: bool = True
    vlans: VlanSet = frozenset()
    information_option: bool = True
    allow_untrusted: bool = False
    verify_mac_address: bool = True
    database: Annotated[Line, AfterValidator(_without_password)] | None = None


class DhcpSnoopingPort(PortSetting):
    """Whether a port may answer DHCP, and how many packets a second it may send."""

    FEATURE: ClassVar[str] = "dhcp-snooping-port"

    trust: bool = False
    rate: Annotated[int, Field(ge=1, le=2048)] | None = None


class ArpInspection(SwitchSetting):
    """In which VLANs ARP is checked against what DHCP snooping learned, and what of it is looked at besides."""

    FEATURE: ClassVar[str] = "arp-inspection"

    vlans: VlanSet = frozenset()
    validation: Annotated[tuple[Validation, ...], AfterValidator(_in_order)] = ()


class ArpInspectionPort(PortSetting):
    """Whether a port is believed, and how many packets of ARP it may send: `none` is without bound."""

    FEATURE: ClassVar[str] = "arp-inspection-port"

    trust: bool = False
    rate: Annotated[int, Field(ge=0, le=2048)] | Literal["none"] | None = None
    burst_interval: Annotated[int, Field(ge=1, le=15)] | None = None
