"""What the facade can do with VLANs over switches: create, remove and list them."""

from collections.abc import Iterable

from cimnet_nornir.application.changes import ChangeResult, Decide, preview
from cimnet_nornir.application.operations.asking import asked, several, switch_ids
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.application.vlan_list import VlanView, vlan_views
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.network import Network


class Vlans(Core):
    """VLANs as a whole, over the switches that have them; switches are given by their host names."""

    def create_vlan(self, vlan: int, name: str | None = None, *, on: Iterable[str] | None = None) -> ChangeResult:
        """Create a VLAN on switches (None: all there are), continuous between them, in one transaction.

        It is created on the switches on the way too, joined with where it is in use already, and the trunks between
        them carry it afterwards, at both ends; a link that nobody configured becomes one. Without a name it gets the
        one it has elsewhere. Nothing is recorded where nothing is missing.

        Raises DeviceNotFound, RuleViolated where one is no switch, NoLayer2Path where no cables join two of them,
        VlanAlreadyExists where one has it under another name, InvalidValue.
        """
        switches = None if on is None else several(on)
        return self.change(
            _creation(vlan, name, switches), command="vlan create", arguments=_arguments(vlan, switches, name)
        )

    def remove_vlan(self, vlan: int, *, on: Iterable[str] | None = None) -> ChangeResult:
        """Take a VLAN from switches (None: from all that have it), and out of the trunks there, in one transaction.

        Raises VlanNotFound where it is not there, VlanInUse with all that uses it (SVIs, access ports, native VLANs,
        sub-interfaces of routers, other switches that reach one another by way of these), DeviceNotFound.
        """
        switches = None if on is None else several(on)
        return self.change(_removal(vlan, switches), command="vlan remove", arguments=_arguments(vlan, switches))

    def preview_create_vlan(
        self, vlan: int, name: str | None = None, *, on: Iterable[str] | None = None
    ) -> tuple[tuple[str, Event], ...]:
        """What `create_vlan` would record, each event with its stream; nothing is. Raises what that raises."""
        return self._previewed(_creation(vlan, name, None if on is None else several(on)))

    def preview_remove_vlan(self, vlan: int, *, on: Iterable[str] | None = None) -> tuple[tuple[str, Event], ...]:
        """What `remove_vlan` would record, each event with its stream; nothing is. Raises what that raises."""
        return self._previewed(_removal(vlan, None if on is None else several(on)))

    def vlans(self, at: int | None = None) -> tuple[VlanView, ...]:
        """The VLANs of the network by their ids: where each is, its SVIs, its ports, and whether it is continuous."""
        return vlan_views(self.network(at))

    def _previewed(self, decide: Decide) -> tuple[tuple[str, Event], ...]:
        return tuple(preview(self.store, self.intent(), decide).events)


def _creation(vlan: int, name: str | None, on: tuple[str, ...] | None) -> Decide:
    def decide(network: Network) -> tuple[c.Command, ...]:
        return (asked(c.CreateVlanOnSwitches, vlan=vlan, name=name, switches=switch_ids(network, on)),)

    return decide


def _removal(vlan: int, on: tuple[str, ...] | None) -> Decide:
    def decide(network: Network) -> tuple[c.Command, ...]:
        switches = None if on is None else switch_ids(network, on)
        return (asked(c.RemoveVlanFromSwitches, vlan=vlan, switches=switches),)

    return decide


def _arguments(vlan: int, on: tuple[str, ...] | None, name: str | None = None) -> dict[str, object]:
    return {"vlan": vlan, "name": name, "on": list(on) if on is not None else "all"}
