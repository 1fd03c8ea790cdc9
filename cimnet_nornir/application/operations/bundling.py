"""What the facade can do with ports that are one: port-channels of switches, bonds of hosts."""

from collections.abc import Iterable

from cimnet_nornir.application.changes import ChangeResult
from cimnet_nornir.application.operations.asking import asked, several
from cimnet_nornir.application.operations.building import Building
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.interfaces import expand_interfaces
from cimnet_nornir.domain.values import Bond, BondMode, PortChannel, PortChannelMode


class Bundling(Building):
    """Port-channels and bonds, a request each; devices are given by their host names."""

    def configure_port_channel(
        self, device: str, number: int, members: str | Iterable[str], *, mode: PortChannelMode = "active"
    ) -> ChangeResult:
        """Make ports of a switch one, `Port-channelN`; what it does is said by `configure_trunk` and the like.

        `members` are ports or a range: "GigabitEthernet1/0/21-22". The modes active and passive are LACP. Raises
        PortNotFound, RuleViolated where a port is in another port-channel, is routed or has a mode of its own.
        """
        ports = tuple(name for part in several(members) for name in expand_interfaces(part))
        channel = asked(PortChannel, members=ports, mode=mode)
        return self._on(
            device,
            "configure port-channel",
            lambda switch: asked(c.ConfigurePortChannel, device=switch, number=number, channel=channel),
            number=number,
            members=list(ports),
        )

    def remove_port_channel(self, device: str, number: int) -> ChangeResult:
        """Make the ports of a port-channel ports by themselves; nothing where there is none.

        Raises RuleViolated where something is said of it: `reset_port` takes that back.
        """
        return self._on(
            device,
            "remove port-channel",
            lambda switch: asked(c.RemovePortChannel, device=switch, number=number),
            number=number,
        )

    def configure_bond(
        self, device: str, name: str, members: Iterable[str], *, mode: BondMode = "802.3ad"
    ) -> ChangeResult:
        """Make network cards of a host one; 802.3ad is LACP, towards the members of one port-channel.

        Raises PortNotFound, RuleViolated where a card is in another bond, NetworkInUse where one is the uplink of a
        container or VM network: a definition moves both at once.
        """
        bond = asked(Bond, members=several(members), mode=mode)
        return self._on(
            device,
            "configure bond",
            lambda host: asked(c.ConfigureBond, device=host, name=name, bond=bond),
            name=name,
            members=list(bond.members),
        )

    def remove_bond(self, device: str, name: str) -> ChangeResult:
        """Make the cards of a bond cards by themselves; nothing where there is none. Raises NetworkInUse."""
        return self._on(device, "remove bond", lambda host: asked(c.RemoveBond, device=host, name=name), name=name)
