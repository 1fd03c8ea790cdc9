"""What Podman and Docker are told of a network and of a container, as arguments; pure, one way for each case.

On a VLAN the gateway is an SVI or a router: no host has its address, and nothing is translated. So a bridge is one that
systemd-networkd makes, and the runtime only plugs containers into it:

- Podman from 5.5 on, with netavark 1.14: `--opt mode=unmanaged`. Before, there is no such mode (5.4 has it, and refuses
  a subnet that the host is in; containers/common issue 2322): there containers are macvlan interfaces on that bridge.
- Docker: `com.docker.network.bridge.inhibit_ipv4` and no masquerading (docs.docker.com, "Bridge network driver").

A host that is the gateway itself has the address on its bridge already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, summarize_address_range

from cimnet_nornir.application.host_kinds import AddressRange, Bridge, Macvlan, Overlay
from cimnet_nornir.application.host_parts import HostContainer, HostContainerNetwork, HostSide

LABEL = "cimnet.settings"
"""The label of what cimnet makes: a digest of its settings."""
OWNER = "cimnet.network"
"""The label that names the network definition it comes from."""
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Creation:
    """How a network is created: the runtime's arguments, and what its `network inspect` says of it afterwards.

    `inspected` are driver, interface, subnet, gateway and digest, as INSPECT of the runtime writes them.
    """

    inspected: str
    arguments: tuple[str, ...]


INSPECT = {
    "podman": (
        "{{.Driver}} {{.NetworkInterface}} {{range .Subnets}}{{.Subnet}} {{.Gateway}} {{end}}"
        f'{{{{index .Labels "{LABEL}"}}}}'
    ),
    "docker": (
        '{{.Driver}} {{index .Options "com.docker.network.bridge.name"}}{{index .Options "parent"}}'
        f' {{{{range .IPAM.Config}}}}{{{{.Subnet}}}} {{{{.Gateway}}}} {{{{end}}}}{{{{index .Labels "{LABEL}"}}}}'
    ),
}
"""The template for `network inspect --format`: where somebody else made the network, it ends with a blank."""


def creation(host: HostSide, network: HostContainerNetwork) -> Creation:
    """How this host creates a network."""
    driver, options = _docker(host, network) if network.runtime == "docker" else _podman(host, network)
    return _creation(host, network, driver, options)


def creation_of_old_podman(host: HostSide, network: HostContainerNetwork) -> Creation | None:
    """How Podman before 5.5 does where it is another way: containers beside the bridge. None where it has no way.

    On a bridge with the gateway's address it has none: a macvlan interface cannot reach the host under it.
    """
    if is_gateway(host, network):
        return None
    driver = network.driver
    mtu = [f"mtu={driver.mtu}"] if isinstance(driver, Bridge) and driver.mtu is not None else []
    return _creation(host, network, "macvlan", _options(f"parent={network.interface}", "mode=bridge", *mtu))


def needs_unmanaged(network: HostContainerNetwork) -> bool:
    """Whether it stands on a bridge that Podman is to leave alone."""
    return network.runtime == "podman" and not isinstance(network.driver, Macvlan)


def is_gateway(host: HostSide, network: HostContainerNetwork) -> bool:
    """Whether the host itself is the gateway of the network: then its bridge has that address."""
    own = (bridge.addresses for bridge in host.bridges if bridge.name == network.interface)
    return any(address.ip == network.gateway for addresses in own for address in addresses)


def run_arguments(network: HostContainerNetwork, container: HostContainer) -> tuple[str, ...]:
    """What `run` is told of a container that is in this network alone."""
    return (f"--ip={container.address}", f"--mac-address={container.mac}", *dns_arguments(network))


def dns_arguments(network: HostContainerNetwork) -> tuple[str, ...]:
    """The resolvers: neither runtime takes them for a network whose names it does not resolve itself."""
    return tuple(f"--dns={address}" for address in network.dns)


def attachment(network: HostContainerNetwork, container: HostContainer) -> str:
    """A network of a container that is in several, as `--network` takes it (Docker 25, Podman 4)."""
    if network.runtime == "docker":
        return f"name={network.name},ip={container.address},mac-address={container.mac}"
    return f"{network.name}:ip={container.address},mac={container.mac}"


def digest(words: Sequence[str]) -> str:
    """A short word that other arguments give another of."""
    return sha256("\0".join(words).encode()).hexdigest()[:_DIGITS]


def _creation(host: HostSide, network: HostContainerNetwork, driver: str, options: Sequence[str]) -> Creation:
    arguments = (f"--driver={driver}", *options, f"--subnet={network.subnet}", f"--gateway={network.gateway}")
    # An overlay is one for all its hosts, which share its addresses by themselves.
    if driver != "overlay":
        arguments += tuple(f"--ip-range={part}" for part in _range(network.range, network.subnet))
    arguments += (f"--label={OWNER}={host.network}",)
    made = digest(arguments)
    interface = "" if driver == "overlay" else network.interface or ""
    inspected = f"{driver} {interface} {network.subnet} {network.gateway} {made}"
    return Creation(inspected, (*arguments, f"--label={LABEL}={made}"))


def _podman(host: HostSide, network: HostContainerNetwork) -> tuple[str, tuple[str, ...]]:
    driver = network.driver
    if isinstance(driver, Macvlan):
        return "macvlan", _options(f"parent={network.interface}", f"mode={driver.mode}")
    mtu = [f"mtu={driver.mtu}"] if isinstance(driver, Bridge) and driver.mtu is not None else []
    # Its resolver listens on an address of the bridge (netavark issue 1177), and a bridge on a VLAN has none.
    names = () if is_gateway(host, network) else ("--disable-dns",)
    return "bridge", (f"--interface-name={network.interface}", *_options("mode=unmanaged", *mtu), *names)


def _docker(host: HostSide, network: HostContainerNetwork) -> tuple[str, tuple[str, ...]]:
    match network.driver:
        case Macvlan():
            return "macvlan", _options(f"parent={network.interface}", f"macvlan_mode={network.driver.mode}")
        case Overlay() if network.interface is None:
            return "overlay", ("--attachable", *(_options("encrypted") if network.driver.encrypted else ()))
        case _:
            return "bridge", _options(*_docker_bridge(host, network))


def _docker_bridge(host: HostSide, network: HostContainerNetwork) -> Iterator[str]:
    yield f"com.docker.network.bridge.name={network.interface}"
    if not is_gateway(host, network):
        yield "com.docker.network.bridge.inhibit_ipv4=true"
        yield "com.docker.network.bridge.enable_ip_masquerade=false"
    if isinstance(network.driver, Bridge) and not network.driver.inter_container:
        yield "com.docker.network.bridge.enable_icc=false"
    if isinstance(network.driver, Bridge) and network.driver.mtu is not None:
        yield f"com.docker.network.driver.mtu={network.driver.mtu}"


def _options(*options: str) -> tuple[str, ...]:
    return tuple(f"--opt={option}" for option in options)


def _range(wanted: AddressRange, subnet: IPv4Network) -> tuple[IPv4Network, ...]:
    """The host's range as one prefix, which is all that both runtimes take: the largest within it.

    Containers that are declared have an address anywhere in the range; this is for those that ask for none.
    """
    first = wanted.first - 1 if wanted.first - 1 == subnet.network_address else wanted.first
    last = wanted.last + 1 if wanted.last + 1 == subnet.broadcast_address else wanted.last
    parts = tuple(summarize_address_range(IPv4Address(first), IPv4Address(last)))
    return (max(parts, key=lambda part: part.num_addresses),)
