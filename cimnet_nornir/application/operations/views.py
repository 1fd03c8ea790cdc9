"""What the facade shows of a network as a whole: its context graph, and the host side as Nix."""

from typing import TYPE_CHECKING

from cimnet_nornir.application.host_side import host_side, host_sides
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.application.topology_document import topology_document

if TYPE_CHECKING:
    from networkx import MultiGraph


class Views(Core):
    """The network in other forms, now or as of a position."""

    def context_graph(self, at: int | None = None) -> "MultiGraph[str]":
        """The network as a networkx MultiGraph: devices, VLANs, subnets, containers and VMs, cables and relations.

        `cimnet_nornir.projections.graph` says what nodes and edges are called and what they carry.
        """
        from cimnet_nornir.projections.graph import context_graph

        return context_graph(self.network(at))

    def nix_topology(self, at: int | None = None) -> str:
        """The network as a Nix attribute set: devices, links, VLANs, hosts, and the networks on them.

        Raises SettingsError where the service was built without a generator for hosts, RuleViolated where what stands
        on a host cannot be.
        """
        return self.host_generator.topology(topology_document(self.network(at)))

    def nix_module(self, host: str, at: int | None = None) -> str:
        """The NixOS module of one host: its VLAN interfaces, bridges and addresses for systemd-networkd.

        Raises DeviceNotFound, InvalidValue where it is no host, and what `nix_topology` does.
        """
        return self.host_generator.module(host_side(self.network(at), host))

    def host_flake(self, at: int | None = None) -> dict[str, bytes]:
        """The flake that hosts are built from: the bytes of its files by their names."""
        return {f"hosts/{name}.nix": module.encode() for name, module in self.nix_modules(at).items()}

    def nix_modules(self, at: int | None = None) -> dict[str, str]:
        """The NixOS modules of all hosts, by host name."""
        return {side.name: self.host_generator.module(side) for side in host_sides(self.network(at))}
