"""Container and VM networks: given a small network with hosts, when commands, then events, or a refusal."""

from ipaddress import IPv4Address, IPv4Network
from typing import Any

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.hosting import values as h
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import Endpoint, PortConfiguration, RoutedInterface, TrunkMode
from cimnet_nornir.domain.working import Working

CISCO = e.DeviceDetails(vendor="cisco", platform="ios")
NIXOS = e.DeviceDetails(vendor="nixos", platform="nixos")
PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(1, 5))
TRUNK = PortConfiguration(switching=TrunkMode(native_vlan=999, allowed=frozenset({10})))


def link(a: str, b: str) -> c.ConnectLink:
    one, other = (text.split() for text in (a, b))
    return c.ConnectLink(a=Endpoint(device=one[0], port=one[1]), b=Endpoint(device=other[0], port=other[1]))


def port(device: str, name: str, configuration: PortConfiguration) -> c.ConfigurePort:
    return c.ConfigurePort(device=device, port=name, configuration=configuration)


def svi(device: str, vlan: int, address: str) -> c.ConfigureRouterInterface:
    configuration = RoutedInterface.model_validate({"addresses": (address,)})
    return c.ConfigureRouterInterface(device=device, interface=f"Vlan{vlan}", configuration=configuration)


def host(name: str, *ports: str, details: e.DeviceDetails = NIXOS) -> c.AddHost:
    return c.AddHost(device=name, name=name, details=details, ports=ports or ("eno1", "eno2"))


# dist routes for VLAN 100; acc is joined to it by a trunk that does not carry VLAN 100 yet.
NETWORK: tuple[c.Command, ...] = (
    c.CreateNetwork(name="net"),
    c.AddSwitch(device="dist", name="dist", details=CISCO, ports=PORTS, routing=True),
    c.AddSwitch(device="acc", name="acc", details=CISCO, ports=PORTS),
    *(c.CreateVlan(device=switch, vlan=vlan) for switch in ("dist", "acc") for vlan in (10, 100, 999)),
    port("dist", PORTS[0], TRUNK),
    port("acc", PORTS[0], TRUNK),
    link("dist Gi0/1", "acc Gi0/1"),
    svi("dist", 100, "10.0.100.1/24"),
    host("srv1"),
    link("srv1 eno1", "acc Gi0/2"),
)


def given(*commands: c.Command) -> Network:
    return when(Network("net"), *NETWORK, *commands).network


def when(network: Network, *commands: c.Command) -> Working:
    working = Working(network)
    for command in commands:
        working.execute(command)
    working.finish()
    return working


def wish(**fields: Any) -> h.ContainerNetworkWish:
    return h.ContainerNetworkWish.model_validate({"vlan": 100, "hosts": {"srv1": {}}, **fields})


def create(name: str = "web", **fields: Any) -> c.CreateContainerNetwork:
    return c.CreateContainerNetwork(name=name, wish=wish(**fields))


def attach(container: str, network: str = "web", **fields: Any) -> c.AttachContainer:
    return c.AttachContainer(
        name=network, container=container, wish=h.ContainerWish.model_validate({"host": "srv1", **fields})
    )


def events_of(working: Working, kind: type[Any]) -> list[Any]:
    return [event for _, event in working.events if isinstance(event, kind)]


def test_a_container_network_takes_subnet_gateway_and_bridge_from_its_vlan() -> None:
    network = given(create())
    settings = network.container_networks["web"].settings
    assert settings.subnet == settings.pool == IPv4Network("10.0.100.0/24")
    assert settings.gateway == IPv4Address("10.0.100.1")
    assert settings.driver == h.Bridge(name="br-vlan100")
    assert str(settings.hosts["srv1"].range) == "10.0.100.32-10.0.100.63"


def test_the_hosts_port_becomes_a_trunk_in_the_same_request_and_the_vlan_goes_on_to_its_svi() -> None:
    working = when(given(), create())
    network = working.network
    assert network.devices["acc"].switch_ports[PORTS[1]].switching == TrunkMode(
        native_vlan=999, allowed=frozenset({100})
    )
    for switch in ("acc", "dist"):
        assert network.devices[switch].switch_ports[PORTS[0]].switching == TrunkMode(
            native_vlan=999, allowed=frozenset({10, 100})
        )
    assert [stream for stream, _ in working.events] == [
        "container-network:net/web",
        "network:net",
        "device:net/acc",
        "device:net/acc",
        "device:net/dist",
    ]
    assert set(working.touched) >= {"device:net/srv1", "device:net/acc", "device:net/dist", "network:net"}


def test_containers_get_the_next_address_and_a_mac_that_stays() -> None:
    network = given(create(), attach("a"), attach("b", address="10.0.100.34"), attach("c"), attach("d"))
    containers = network.container_networks["web"].containers
    assert [str(item.address) for item in containers.values()] == [
        f"10.0.100.{last}" for last in (32, 34, 33, 35)
    ]
    again = given(create(), attach("d")).container_networks["web"].containers
    assert again["d"].mac == containers["d"].mac
    assert containers["d"].mac.startswith("02:")
    assert len({item.mac for item in containers.values()}) == 4
