"""IP SLA probes, and the objects that routes and gateways rest on."""

import re
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from cimnet_nornir.domain.features.fields import InterfaceName, Line, Server, Tcp, VrfName
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue

ProbeNumber = Annotated[int, Field(ge=1, le=2147483647)]
TrackNumber = Annotated[int, Field(ge=1, le=1000)]
Seconds = Annotated[int, Field(ge=1, le=180)]
Percent = Annotated[int, Field(ge=0, le=255)]


def _start(value: str) -> str:
    if re.fullmatch(r"now|after \d\d:\d\d:\d\d|\d\d:\d\d(?::\d\d)?(?: [A-Za-z]{3,9} \d{1,2})?", value):
        return value
    raise InvalidValue(f"{value!r} is no start: now, after 00:05:00, 14:30 or 14:30 Jan 2", subject="start")


class ProbeSchedule(Value):
    """When a probe begins and for how long it goes on, in seconds."""

    start: Annotated[str, AfterValidator(_start)] = "now"
    life: Annotated[int, Field(ge=1, le=2147483647)] | Literal["forever"] = "forever"
    ageout: Annotated[int, Field(ge=1, le=2073600)] | None = None
    recurring: bool = False


class Probe(Setting):
    """An IP SLA probe and its schedule. Frequency is in seconds; timeout and threshold are in milliseconds.

    A device does not let a probe be changed: where anything of it differs, it is removed and made anew.
    """

    FEATURE: ClassVar[str] = "ip-sla"
    KEY: ClassVar[tuple[str, ...]] = ("number",)

    number: ProbeNumber
    type: Literal["icmp-echo", "udp-echo", "udp-jitter", "tcp-connect"] = "icmp-echo"
    target: Server
    port: Tcp | None = None
    source_address: IPv4Address | None = None
    source_interface: InterfaceName | None = None
    source_port: Tcp | None = None
    control: bool = True
    packets: Annotated[int, Field(ge=1, le=60000)] | None = None
    interval: Annotated[int, Field(ge=4, le=60000)] | None = None
    vrf: VrfName | None = None
    tos: Annotated[int, Field(ge=1, le=255)] | None = None
    data_size: Annotated[int, Field(ge=0, le=16384)] | None = None
    owner: Line | None = None
    tag: Line | None = None
    frequency: Annotated[int, Field(ge=1, le=604800)] = 60
    timeout: Annotated[int, Field(ge=0, le=604800000)] = 5000
    threshold: Annotated[int, Field(ge=0, le=2147483647)] = 5000
    schedule: ProbeSchedule | None = None

    @model_validator(mode="after")
    def _fits_type(self) -> "Probe":
        if (self.port is None) != (self.type == "icmp-echo"):
            raise InvalidValue(f"{self.type} {'has no' if self.port else 'needs a'} port", subject="port")
        if self.type != "udp-jitter" and (self.packets or self.interval):
            raise InvalidValue(f"{self.type} has neither packets nor an interval between them", subject="packets")
        if self.type != "icmp-echo" and self.source_interface:
            raise InvalidValue(f"{self.type} has a source address, not an interface", subject="source_interface")
        if self.type == "icmp-echo" and (self.source_port or not self.control):
            raise InvalidValue("icmp-echo has neither ports nor control packets", subject="source_port")
        return self

    @model_validator(mode="after")
    def _has_times_in_order(self) -> "Probe":
        if self.threshold > self.timeout:
            raise InvalidValue(
                f"the threshold ({self.threshold} ms) is at most the timeout ({self.timeout} ms)", subject="threshold"
            )
        if self.timeout > self.frequency * 1000:
            raise InvalidValue(
                f"the timeout ({self.timeout} ms) is at most the time between two probes ({self.frequency} s)",
                subject="timeout",
            )
        return self


class TrackedInterface(Value):
    """An interface: that its line protocol is up, or that it routes."""

    kind: Literal["interface"] = "interface"
    interface: InterfaceName
    watch: Literal["line-protocol", "ip routing", "ipv6 routing"] = "line-protocol"


class TrackedProbe(Value):
    """An IP SLA probe: that its target is reached, or that it is below its threshold too."""

    kind: Literal["probe"] = "probe"
    probe: ProbeNumber
    watch: Literal["reachability", "state"] = "reachability"


class TrackedRoute(Value):
    """A route: that it is there, or that its metric is below the threshold."""

    kind: Literal["route"] = "route"
    prefix: IPv4Network
    watch: Literal["reachability", "metric threshold"] = "reachability"


class TrackedObject(Value):
    """One object of a list: by its number, turned round or with its weight."""

    number: TrackNumber
    negated: bool = False
    weight: Annotated[int, Field(ge=1, le=255)] | None = None


class TrackedList(Value):
    """Other objects together: all of them, any of them, or so many that a threshold is reached."""

    kind: Literal["list"] = "list"
    rule: Literal["and", "or", "weight", "percentage"]
    objects: tuple[TrackedObject, ...] = ()
    up: Percent | None = None
    down: Percent | None = None

    @model_validator(mode="after")
    def _fits_rule(self) -> "TrackedList":
        logical = self.rule in {"and", "or"}
        if logical and (self.up is not None or self.down is not None):
            raise InvalidValue(f"a list by {self.rule} has no threshold", subject="up")
        if any(item.weight for item in self.objects) and self.rule != "weight":
            raise InvalidValue("only a list by weight has weights", subject="objects")
        if any(item.negated for item in self.objects) and not logical:
            raise InvalidValue("only a list by and, or turns objects round", subject="objects")
        return self


class TrackedStub(Value):
    """An object whose state others set."""

    kind: Literal["stub"] = "stub"
    state: Literal["up", "down"] | None = None


Tracked = Annotated[
    TrackedInterface | TrackedProbe | TrackedRoute | TrackedList | TrackedStub, Field(discriminator="kind")
]


class Track(Setting):
    """A tracked object by its number; delays in seconds before it is taken for down or up."""

    FEATURE: ClassVar[str] = "track"
    KEY: ClassVar[tuple[str, ...]] = ("number",)

    number: TrackNumber
    of: Tracked
    vrf: VrfName | None = None
    delay_down: Seconds | None = None
    delay_up: Seconds | None = None
