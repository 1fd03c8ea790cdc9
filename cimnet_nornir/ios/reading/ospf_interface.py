"""OSPF for IPv4 on interfaces, as a configuration tells it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from pydantic import ValidationError

from cimnet_nornir.domain.features.ospf import OspfInterfaceSettings
from cimnet_nornir.domain.values import OspfInterface
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.processes import Fields, without_nothing
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config, sections

_JOINS: Final = re.compile(r"(?P<process>\d+) area (?P<area>\d+)")
_KEY: Final = re.compile(r"(?P<number>\d+) md5 (?P<secret>.+)")
_MULTIPLIER: Final = "ip ospf dead-interval minimal hello-multiplier"
_POINT_TO_POINT: Final = "point-to-point"


def read_interfaces(config: Config, silence: Mapping[int, Fields], draft: Draft) -> None:
    """Take in which interfaces take part, and how; `silence` tells of each process where it is silent."""
    for node in sections(config, "interface "):
        name, said = node.text.removeprefix("interface "), Said.of(node.children)
        joined = _join(name, said, silence, draft)
        fields = without_nothing(_fields(name, said, draft))
        for known in ("cost", "network") if joined else ():
            fields.pop(known, None)
        if joined and said.after("ip ospf network") not in (None, _POINT_TO_POINT):
            fields["network"] = said.after("ip ospf network")
        if fields:
            draft.add(OspfInterfaceSettings, interface=name, **fields)


def _join(name: str, said: Said, silence: Mapping[int, Fields], draft: Draft) -> bool:
    """Whether the interface takes part by a line of its own, which is then part of its base."""
    match = next((match for line in said.each("ip ospf") if (match := _JOINS.fullmatch(line))), None)
    routed = draft.device.interfaces.get(name)
    if match is None or routed is None or not routed.addresses or int(match["process"]) not in draft.device.ospf:
        return False
    silent = silence[int(match["process"])]
    by_default = silent.get("passive_default", False)
    listed = silent.get("active_interfaces" if by_default else "passive_interfaces", ())
    fields = {
        "process": match["process"],
        "area": match["area"],
        "cost": said.after("ip ospf cost"),
        "passive": (name in listed) is not by_default,
        "point_to_point": said.after("ip ospf network") == _POINT_TO_POINT,
    }
    # A line that does not fit is adopted word for word.
    with suppress(ValidationError, InvalidValue):
        ospf = OspfInterface.model_validate(fields)
        draft.device.interfaces[name] = routed.model_copy(update={"ospf": ospf})
        return True
    return False


def _fields(name: str, said: Said, draft: Draft) -> Fields:
    authentication = "simple" if said.has("ip ospf authentication") else said.after("ip ospf authentication")
    dead = said.after("ip ospf dead-interval")
    password = said.after("ip ospf authentication-key")
    return {
        "cost": said.after("ip ospf cost"),
        "network": said.after("ip ospf network"),
        "priority": said.after("ip ospf priority"),
        "hello_interval": said.after("ip ospf hello-interval"),
        "dead_interval": dead if dead is None or dead.isdecimal() else None,
        "hello_multiplier": said.after(_MULTIPLIER),
        "retransmit_interval": said.after("ip ospf retransmit-interval"),
        "transmit_delay": said.after("ip ospf transmit-delay"),
        "authentication": authentication,
        "password": draft.moved(password, f"ospf-{name}") if password else None,
        "message_digest_keys": _keys(name, said, draft),
        "mtu_ignore": said.has("ip ospf mtu-ignore") or None,
        "bfd": "on" if said.has("ip ospf bfd") else "off" if said.has("ip ospf bfd disable") else None,
    }


def _keys(name: str, said: Said, draft: Draft) -> tuple[Fields, ...]:
    matches = (_KEY.fullmatch(line) for line in said.each("ip ospf message-digest-key"))
    return tuple(
        {"number": match["number"], "secret": draft.moved(match["secret"], f"ospf-{name}-key-{match['number']}")}
        for match in matches
        if match is not None
    )
