"""Logging, discovery of neighbours, the archive, aliases, and settings of the whole device in one line each."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.features.fields import InterfaceName, Line, Server, Tcp, Word
from cimnet_nornir.domain.features.model import InterfaceSetting, Setting
from cimnet_nornir.domain.features.per_vrf import PerVrfSetting
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue

LogLevel = Literal[
    "emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging"
]
Destination = LogLevel | bool


class LogBuffer(Value):
    """The part of memory that messages are kept in: its size in bytes, and the least grave messages that it takes."""

    size: Annotated[int, Field(ge=4096, le=2147483647)] | None = None
    level: LogLevel | None = None


class Logging(Setting):
    """Where messages go: the buffer, the console, terminals and syslog hosts, each with its level or switched off.

    `false` switches one off, `true` says that it has the level that it has anyway.
    """

    FEATURE: ClassVar[str] = "logging"

    buffered: LogBuffer | bool | None = None
    console: Destination | None = None
    monitor: Destination | None = None
    trap: Destination | None = None
    facility: Word | None = None
    origin: Line | None = None
    source_interface: InterfaceName | None = None


class LoggingHost(PerVrfSetting):
    """A syslog host. UDP is what is spoken unless `transport` says otherwise."""

    FEATURE: ClassVar[str] = "logging-host"
    KEY: ClassVar[tuple[str, ...]] = ("host",)

    host: Server
    transport: Literal["udp", "tcp"] = "udp"
    port: Tcp | None = None


class Cdp(Setting):
    """The Cisco Discovery Protocol of the whole device; times in seconds."""

    FEATURE: ClassVar[str] = "cdp"

    enabled: bool = True
    timer: Annotated[int, Field(ge=5, le=254)] | None = None
    holdtime: Annotated[int, Field(ge=10, le=255)] | None = None


class Lldp(Setting):
    """The Link Layer Discovery Protocol (IEEE 802.1AB) of the whole device; times in seconds."""

    FEATURE: ClassVar[str] = "lldp"

    enabled: bool = True
    timer: Annotated[int, Field(ge=5, le=65534)] | None = None
    holdtime: Annotated[int, Field(ge=0, le=65535)] | None = None
    reinit: Annotated[int, Field(ge=2, le=5)] | None = None


class Discovery(InterfaceSetting):
    """What one interface takes part in of the discovery of neighbours, where it is otherwise than usual."""

    FEATURE: ClassVar[str] = "discovery"

    cdp: bool = True
    lldp_transmit: bool = True
    lldp_receive: bool = True


class ArchiveLog(Value):
    """The log of the commands that were typed: how many are kept, whether they go to syslog, and without their keys."""

    enabled: bool = True
    size: Annotated[int, Field(ge=1, le=1000)] | None = None
    notify_syslog: bool = False
    hide_keys: bool = False


class Archive(Setting):
    """Where a device keeps its configurations: the place, how many, when, and the log of what was typed."""

    FEATURE: ClassVar[str] = "archive"

    path: Line | None = None
    maximum: Annotated[int, Field(ge=1, le=14)] | None = None
    write_memory: bool = False
    minutes: Annotated[int, Field(ge=1, le=525600)] | None = None
    log: ArchiveLog | None = None


class Alias(Setting):
    """A command by another name, in one mode of the command line."""

    FEATURE: ClassVar[str] = "alias"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Word
    command: Line
    mode: Literal["exec", "configure", "interface"] = "exec"


Takes = Literal["", "number", "word"]
OPTIONS: Mapping[str, Takes] = {
    "ip source-route": "",
    "ip cef": "",
    "ipv6 cef": "",
    "ip gratuitous-arps": "",
    "ip bootp server": "",
    "ip subnet-zero": "",
    "ip classless": "",
    "ip forward-protocol nd": "",
    "ip icmp rate-limit unreachable": "",
    "ip dhcp conflict logging": "",
    "logging on": "",
    "cdp advertise-v2": "",
    "ip bgp-community new-format": "",
    "ip options drop": "",
    "ip finger": "",
    "ip tcp path-mtu-discovery": "",
    "ip tcp selective-ack": "",
    "ip sla responder": "",
    "ip dhcp bootp ignore": "",
    "logging userinfo": "",
    "logging count": "",
    "ip tcp synwait-time": "number",
    "ip tcp window-size": "number",
    "ip tcp mss": "number",
    "ip dhcp ping packets": "number",
    "ip dhcp ping timeout": "number",
    "multilink bundle-name": "word",
    "ip default-gateway": "word",
    "fhrp version vrrp": "word",
}
"""Settings of the whole device in one line each, by the words that the line begins with, and what they take."""


class GlobalOption(Setting):
    """A setting of the whole device in one line: its words, on or off, with its value where it takes one."""

    FEATURE: ClassVar[str] = "global-option"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Line
    enabled: bool = True
    value: Word | None = None

    @model_validator(mode="after")
    def _fits(self) -> "GlobalOption":
        takes = OPTIONS.get(self.name)
        if takes is None:
            raise InvalidValue(f"there is no global option {self.name!r}; known: {', '.join(OPTIONS)}", subject="name")
        if takes and not self.enabled:
            raise InvalidValue(f"{self.name} is not there unless it is set: leave it out", subject="enabled")
        if bool(takes) != (self.value is not None):
            raise InvalidValue(f"{self.name} takes {f'a {takes}' if takes else 'no value'}", subject="value")
        if takes == "number" and not str(self.value).isdecimal():
            raise InvalidValue(f"{self.name} takes a number, not {self.value}", subject="value")
        return self
