"""Port-channels and bonds of a definition file: their models, what they become, and how they are written again."""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from cimnet_nornir.definition.fields import LINUX_NAME, SwitchPorts, as_tuple
from cimnet_nornir.definition.file_model import FileModel
from cimnet_nornir.definition.positions import Path
from cimnet_nornir.definition.problems import Problems, shape_problem
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import expand_interfaces
from cimnet_nornir.domain.values import Bond, LinuxInterfaceName, PortChannel, PortChannelMode
from cimnet_nornir.errors import InvalidValue

_NUMBER = r"^([1-9]|[1-9][0-9]|1[01][0-9]|12[0-8])$"
Nic = Annotated[LinuxInterfaceName, Field(json_schema_extra={"pattern": LINUX_NAME})]
Fields = dict[str, object]


class PortChannelEntry(FileModel):
    """A port-channel of a switch; what it does stands under its name, Port-channel1, in `interfaces`."""

    members: SwitchPorts = Field(description="Its ports; ranges expand.", examples=["GigabitEthernet1/0/21-22"])
    mode: PortChannelMode = Field(
        "active",
        description="active and passive are LACP, desirable and auto PAgP; on is without any protocol.",
        examples=["passive", "desirable non-silent"],
    )


class BondEntry(FileModel):
    """A bond of a host: network cards that are one."""

    members: Annotated[tuple[Nic, ...], BeforeValidator(as_tuple)] = Field(
        description="Its network cards.", examples=[["eno1", "eno2"]]
    )
    mode: Literal["802.3ad", "active-backup", "balance-xor"] = Field(
        "802.3ad",
        description="802.3ad is LACP, balance-xor is without any protocol; active-backup uses one card at a time.",
        examples=["active-backup"],
    )


PortChannels = Annotated[
    dict[Annotated[int, Field(ge=1, le=128)], PortChannelEntry],
    Field(json_schema_extra={"propertyNames": {"pattern": _NUMBER}}),
]
Bonds = Annotated[dict[Nic, BondEntry], Field(json_schema_extra={"propertyNames": {"pattern": LINUX_NAME}})]


def compile_channels(entries: Mapping[int, PortChannelEntry], here: Path, problems: Problems) -> dict[int, PortChannel]:
    """The port-channels of a device; what is wrong with one is noted, and it is left out."""
    found: dict[int, PortChannel] = {}
    for number, entry in entries.items():
        try:
            members = tuple(name for ports in entry.members for name in expand_interfaces(ports))
            found[number] = PortChannel(members=members, mode=entry.mode)
        except (InvalidValue, ValidationError) as error:
            problems.add(_words(error), (*here, "port_channels", number, "members"))
    return found


def compile_bonds(entries: Mapping[str, BondEntry], here: Path, problems: Problems) -> dict[str, Bond]:
    """The bonds of a host."""
    found: dict[str, Bond] = {}
    for name, entry in entries.items():
        try:
            found[name] = Bond(members=entry.members, mode=entry.mode)
        except ValidationError as error:
            problems.add(_words(error), (*here, "bonds", name, "members"))
    return found


def _words(error: InvalidValue | ValidationError) -> str:
    if isinstance(error, InvalidValue):
        return error.message
    return shape_problem(error.errors(include_url=False)[0], ())[0]


def channel_fields(device: Device, fold: Callable[[Iterable[str]], list[str]]) -> dict[int, Fields]:
    """The port-channels of a device as they are written; `fold` makes ranges of ports."""
    found: dict[int, Fields] = {}
    for number, channel in sorted(device.port_channels.items()):
        ports = fold(channel.members)
        found[number] = {"members": ports[0] if len(ports) == 1 else ports}
        if channel.mode != "active":
            found[number]["mode"] = channel.mode
    return found


def bond_fields(device: Device) -> dict[str, Fields]:
    """The bonds of a host as they are written."""
    usual = "802.3ad"
    return {
        name: {"members": list(bond.members), **({} if bond.mode == usual else {"mode": bond.mode})}
        for name, bond in sorted(device.bonds.items())
    }
