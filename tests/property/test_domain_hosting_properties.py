"""Whatever is asked of container and VM networks: ranges and addresses are apart, and events alone tell the state."""

from ipaddress import IPv4Address, IPv4Network
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.contents import fork
from cimnet_nornir.domain.device import evolve
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.hosting import values as h
from cimnet_nornir.domain.hosting.desk import evolve_hosted
from cimnet_nornir.domain.hosting.guards import hosted_keys, hosted_stream
from cimnet_nornir.domain.hosting.placement import hosted_networks
from cimnet_nornir.domain.keys import unique_keys
from cimnet_nornir.domain.layer2 import Framing, framing
from cimnet_nornir.domain.network import Network, evolve_network
from cimnet_nornir.domain.streams import device_prefix, device_stream, network_stream
from cimnet_nornir.domain.values import Endpoint, RoutedInterface
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import CimnetError

CISCO = e.DeviceDetails(vendor="cisco", platform="ios")
NIXOS = e.DeviceDetails(vendor="nixos", platform="nixos")
PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(1, 7))
HOSTS = ("h1", "h2", "h3")
VLANS = (100, 200)


def cable(host: str, interface: str, switch: str, port: str) -> c.ConnectLink:
    return c.ConnectLink(a=Endpoint(device=host, port=interface), b=Endpoint(device=switch, port=port))


START: tuple[c.Command, ...] = (
    c.CreateNetwork(name="net"),
    *(c.AddSwitch(device=name, name=name, details=CISCO, ports=PORTS, routing=True) for name in ("s1", "s2")),
    c.ConnectLink(a=Endpoint(device="s1", port=PORTS[5]), b=Endpoint(device="s2", port=PORTS[5])),
    *(c.CreateVlan(device=name, vlan=vlan) for name in ("s1", "s2") for vlan in VLANS),
    c.ConfigureRouterInterface(
        device="s1",
        interface="Vlan100",
        configuration=RoutedInterface.model_validate({"addresses": ("10.0.0.1/26",)}),
    ),
    *(c.AddHost(device=name, name=name, details=NIXOS, ports=("eno1", "eno2")) for name in HOSTS),
    *(cable(host, "eno1", "s1", PORTS[index]) for index, host in enumerate(HOSTS)),
    cable("h1", "eno2", "s2", PORTS[0]),
)

hosts = st.sampled_from(HOSTS)
names = st.sampled_from(("web", "db"))
members = st.sampled_from("abcd")
addresses = st.none() | st.integers(0, 63).map(lambda number: IPv4Address(f"10.0.0.{number}"))
ranges = st.none() | st.sampled_from(("10.0.0.40-10.0.0.43", "10.0.0.8-10.0.0.50")).map(h.AddressRange.parse)
host_wishes = st.builds(h.HostWish, uplink=st.sampled_from((None, "eno2")), range=ranges)
drivers = st.sampled_from((h.Bridge(), h.Bridge(name="br1"), h.Macvlan()))
wishes = st.builds(
    h.ContainerNetworkWish,
    vlan=st.sampled_from((None, 100, 100, 200)),
    driver=drivers,
    subnet=st.sampled_from((None, None, IPv4Network("10.0.0.32/27"), IPv4Network("10.0.1.0/28"))),
    hosts=st.dictionaries(hosts, st.just(h.HostWish()) | host_wishes, min_size=1),
)
kinds = st.sampled_from((h.Bridged(), h.Nat(subnet=IPv4Network("10.9.0.0/24")), h.Internal()))
vm_wishes = st.builds(
    h.VmNetworkWish,
    kind=kinds,
    vlan=st.sampled_from((None, 100, 200)),
    hosts=st.dictionaries(hosts, st.none(), min_size=1),
)
commands: st.SearchStrategy[c.Command] = st.one_of(
    st.builds(c.CreateContainerNetwork, name=names, wish=wishes),
    st.builds(c.CreateContainerNetwork, name=names, wish=wishes),
    st.builds(c.ChangeContainerNetwork, name=names, wish=wishes),
    st.builds(c.RemoveContainerNetwork, name=names),
    *[
        st.builds(
            c.AttachContainer,
            name=names,
            container=members,
            wish=st.builds(h.ContainerWish, host=hosts, address=addresses),
        )
    ]
    * 3,
    st.builds(c.DetachContainer, name=names, container=members),
    st.builds(c.CreateVmNetwork, name=names, wish=vm_wishes),
    st.builds(c.ChangeVmNetwork, name=names, wish=vm_wishes),
    st.builds(c.RemoveVmNetwork, name=names),
    st.builds(c.AttachVm, name=names, vm=members, wish=st.builds(h.VmWish, host=hosts, address=addresses)),
    st.builds(c.DetachVm, name=names, vm=members),
    st.builds(c.RemoveDevice, device=hosts),
    st.builds(c.RemoveVlan, device=st.sampled_from(("s1", "s2")), vlan=st.sampled_from(VLANS)),
    st.builds(c.ResetPort, device=st.just("s1"), port=st.sampled_from(PORTS)),
    st.builds(
        c.ConfigureRouterInterface,
        device=st.just("s1"),
        interface=st.just("Vlan100"),
        configuration=st.sampled_from(("10.0.0.1/26", "10.0.0.33/26", "10.0.0.62/26")).map(
            lambda text: RoutedInterface.model_validate({"addresses": (text,)})
        ),
    ),
)


class History:
    """A network with what was asked of it and not refused, and the table of unique keys beside it."""

    def __init__(self) -> None:
        self.network = Network("net")
        self.events: list[tuple[str, Event]] = []
        self.keys: dict[str, str] = {}
        for command in START:
            assert self.ask(command)

    def ask(self, command: c.Command) -> bool:
        working = Working(fork(self.network))
        try:
            working.execute(command)
            working.finish()
        except CimnetError:
            return False
        claims, releases = working.claims(), working.releases()
        assert all(self.keys[key] == owner for key, owner in releases.items())
        self.keys = {key: owner for key, owner in self.keys.items() if key not in releases}
        assert not self.keys.keys() & claims.keys()
        self.keys |= claims
        self.network = working.network
        self.events += working.events
        return True


def holders(network: Network) -> list[tuple[str, str]]:
    """Each unique key of a network with who holds it."""
    found = [
        (key, device_stream("net", device.id)) for device in network.devices.values() for key in unique_keys(device)
    ]
    return found + [(key, hosted_stream(hosted)) for hosted in hosted_networks(network) for key in hosted_keys(hosted)]


def replayed(events: list[tuple[str, Event]]) -> Network:
    network = Network("net")
    for stream, written in events:
        event: Any = type(written).model_validate_json(written.model_dump_json())
        if stream == network_stream("net"):
            evolve_network(network, event)
        elif not evolve_hosted(network, stream, event):
            identity = stream.removeprefix(device_prefix("net"))
            device = evolve(network.devices.get(identity), event)
            network.devices[identity] = device
            if device.removed:
                del network.devices[identity]
    return network


@given(st.lists(commands, min_size=5, max_size=25))
@settings(max_examples=60)
def test_ranges_and_addresses_are_apart_whatever_is_asked(asked: list[c.Command]) -> None:
    history = History()
    for command in asked:
        if not history.ask(command):
            continue
        network = history.network
        held = holders(network)
        assert len({key for key, _ in held}) == len(held)
        assert dict(held) == history.keys
        shares = [share for one in network.container_networks.values() for share in one.settings.hosts.values()]
        assert not any(one.range.overlaps(other.range) for one, other in combinations(shares, 2))
        for containers in network.container_networks.values():
            told = containers.settings
            for container in containers.containers.values():
                assert container.address in told.hosts[container.host].range
                assert container.address in told.subnet
                assert container.address != told.gateway


@given(st.lists(commands, min_size=5, max_size=25))
@settings(max_examples=40)
def test_the_switch_of_each_host_carries_its_vlan_whatever_is_asked(asked: list[c.Command]) -> None:
    history = History()
    for command in asked:
        history.ask(command)
        for hosted in hosted_networks(history.network):
            for uplink in hosted.uplinks.values():
                switch = history.network.devices[uplink.switch]
                assert framing(switch.switch_ports.get(uplink.port), hosted.settings.vlan or 0) is Framing.TAGGED
                assert hosted.settings.vlan in switch.vlans


@given(st.lists(commands, min_size=5, max_size=25))
@settings(max_examples=40)
def test_replaying_the_events_gives_exactly_the_state(asked: list[c.Command]) -> None:
    history = History()
    for command in asked:
        history.ask(command)
    assert replayed(history.events) == history.network
