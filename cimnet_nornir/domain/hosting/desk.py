"""The container and VM networks of a network under change: what commands were for, and the keys that are wanted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar, cast

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.hosting.containers import decide_container_network
from cimnet_nornir.domain.hosting.decided import Decided, InUse
from cimnet_nornir.domain.hosting.guards import hosted_keys, hosted_stream
from cimnet_nornir.domain.hosting.machines import decide_vm_network
from cimnet_nornir.domain.hosting.networks import (
    ContainerNetwork,
    ContainerNetworkEvent,
    HostedNetwork,
    HostingEvent,
    VmNetwork,
    VmNetworkEvent,
    evolve_container_network,
    evolve_vm_network,
)
from cimnet_nornir.domain.hosting.placement import hosted_networks
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.streams import container_network_stream, hosted_prefixes, vm_network_stream


@dataclass(slots=True)
class HostedDesk:
    """`met` are the streams of the networks that commands were for; `before` the keys that those held at first."""

    network: Network
    met: dict[str, None] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    def decide(self, command: c.HostingCommand, in_use: InUse) -> tuple[str, Decided]:
        """The stream that a command is for, and the decision on it. Raises what the domain raises."""
        stream = self._stream(command)
        if stream not in self.met:
            self.met[stream] = None
            self.before |= {key: owner for key, owner in self.keys().items() if owner == stream}
        if isinstance(command, c.ContainerNetworkCommand):
            return stream, decide_container_network(self.network, command, in_use)
        return stream, decide_vm_network(self.network, command, in_use)

    def streams(self) -> frozenset[str]:
        """The streams of all networks of hosts: whoever chooses a range or a subnet has read them."""
        return frozenset(hosted_stream(hosted) for hosted in hosted_networks(self.network))

    def keys_of_all(self) -> Iterator[tuple[str, dict[str, str]]]:
        """The stream of each network with its keys and a word for each."""
        return ((hosted_stream(hosted), hosted_keys(hosted)) for hosted in hosted_networks(self.network))

    def places(self) -> dict[str, str]:
        """The keys that the networks met hold now, each with a word for it."""
        return {key: place for hosted in self._met() for key, place in hosted_keys(hosted).items()}

    def place_at(self, stream: str, key: str) -> str | None:
        """The word for a key that a network which no command was for holds; None where none does."""
        if stream in self.met or not stream.startswith(hosted_prefixes(self.network.name)):
            return None
        holder = next((it for it in hosted_networks(self.network) if hosted_stream(it) == stream), None)
        return hosted_keys(holder).get(key) if holder is not None else None

    def keys(self) -> dict[str, str]:
        """The keys that the networks met hold now, each with its holder."""
        return {key: hosted_stream(hosted) for hosted in self._met() for key in hosted_keys(hosted)}

    def _met(self) -> tuple[HostedNetwork, ...]:
        if not self.met:
            return ()
        return tuple(hosted for hosted in hosted_networks(self.network) if hosted_stream(hosted) in self.met)

    def _stream(self, command: c.HostingCommand) -> str:
        named = container_network_stream if isinstance(command, c.ContainerNetworkCommand) else vm_network_stream
        return named(self.network.name, command.name)


def evolve_hosted(network: Network, stream: str, event: HostingEvent) -> bool:
    """Apply an event of a container or VM network where its stream is one of this network; whether it was."""
    containers, machines = hosted_prefixes(network.name)
    if stream.startswith(containers):
        name = stream.removeprefix(containers)
        present = network.container_networks.get(name)
        _keep(network.container_networks, evolve_container_network(present, cast("ContainerNetworkEvent", event)))
    elif stream.startswith(machines):
        name = stream.removeprefix(machines)
        _keep(network.vm_networks, evolve_vm_network(network.vm_networks.get(name), cast("VmNetworkEvent", event)))
    else:
        return False
    return True


_Hosted = TypeVar("_Hosted", ContainerNetwork, VmNetwork)


def _keep(networks: dict[str, _Hosted], hosted: _Hosted) -> None:
    if hosted.removed:
        networks.pop(hosted.name, None)
    else:
        networks[hosted.name] = hosted
