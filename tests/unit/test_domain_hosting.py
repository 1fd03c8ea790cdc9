"""Container and VM networks: given a small network with hosts, when commands, then events, or a refusal."""

from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.contents import fork
from cimnet_nornir.domain.hosting import values as h
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, Endpoint, PortConfiguration, RoutedInterface, TrunkMode
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import (
    AlreadyExists,
    ContainerNetworkNotFound,
    DeviceNotFound,
    DuplicateIpAddress,
    InvalidValue,
    NetworkInUse,
    NoAvailableAddress,
    NoAvailableSubnet,
    NotFound,
    PortNotFound,
    RuleViolated,
    SubnetOverlap,
    VlanNotFound,
    VmNetworkNotFound,
)

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
    assert [str(item.address) for item in containers.values()] == [f"10.0.100.{last}" for last in (32, 34, 33, 35)]
    again = given(create(), attach("d")).container_networks["web"].containers
    assert again["d"].mac == containers["d"].mac
    assert containers["d"].mac.startswith("02:")
    assert len({item.mac for item in containers.values()}) == 4


# --- what a network stands on -----------------------------------------------------------------------------------------


def refused(network: Network, error: type[Any], words: str, *commands: c.Command) -> Any:
    with pytest.raises(error, match=words) as told:
        when(fork(network), *commands)
    assert type(told.value) is error
    return told.value


# Another server on acc, one on nothing, and one with another hypervisor.
MORE: tuple[c.Command, ...] = (
    c.AddHost(
        device="srv2",
        name="srv2",
        details=NIXOS.model_copy(update={"management": IPv4Address("10.0.100.9")}),
        ports=("eno1",),
    ),
    link("srv2 eno1", "acc Gi0/3"),
    host("srv3", "eno1"),
    host("esx", "vmnic0", details=e.DeviceDetails(vendor="vmware", platform="esxi")),
    link("esx vmnic0", "acc Gi0/4"),
)


@pytest.mark.parametrize(
    ("command", "error", "subject", "words"),
    [
        (create(hosts={}), RuleViolated, "web", "the network web has no host; name those that carry it"),
        (create(hosts={"x": {}}), DeviceNotFound, "x", "there is no host 'x'"),
        (
            create(hosts={"acc": {}}),
            RuleViolated,
            "acc",
            "acc is a switch: containers and virtual machines run on hosts",
        ),
        (create(hosts={"esx": {}}), RuleViolated, "esx", "esx runs esxi, which carries no containers here"),
        (create(vlan=20), VlanNotFound, "20", "srv1 is linked to acc, which does not have VLAN 20; create it there"),
        (create(hosts={"srv1": {"uplink": "eno9"}}), PortNotFound, "eno9", "srv1 has no port eno9; it has eno1, eno2"),
        (create(hosts={"srv1": {"uplink": "eno2"}}), RuleViolated, "srv1", "srv1 is linked to no switch by eno2"),
        (create(hosts={"srv3": {}}), RuleViolated, "srv3", "srv3 is linked to no switch; connect it"),
        (create(vlan=10), RuleViolated, "web", "needs a subnet, for VLAN 10 has no layer-3 interface that routes yet"),
        (create(vlan=None), RuleViolated, "web", "needs a subnet, for it is on no VLAN"),
        (create(subnet="10.9.0.0/24"), RuleViolated, "10.9.0.0/24", r"is not within 10.0.100.0/24 of VLAN 100 \(dist"),
        (create(gateway="10.9.0.1"), RuleViolated, "10.9.0.1", "is no address of 10.0.100.0/24"),
        (create(gateway="10.0.100.9"), RuleViolated, "srv2", "cannot be the address of the host srv2"),
        (
            create(hosts={"srv1": {"range": h.AddressRange.parse("10.0.100.0-10.0.100.9")}}),
            RuleViolated,
            "10.0.100.0-10.0.100.9",
            "is not within the addresses of 10.0.100.0/24",
        ),
        (
            create(hosts={"srv1": {"range": h.AddressRange.parse("10.0.100.1-10.0.100.9")}}),
            RuleViolated,
            "10.0.100.1-10.0.100.9",
            "has the gateway 10.0.100.1 in it",
        ),
        (create(driver=h.Overlay()), RuleViolated, "100", "an overlay is tunnelled over IP and goes on no VLAN"),
        (
            create(driver=h.Overlay(), vlan=None, runtime="podman", subnet="10.1.0.0/24"),
            RuleViolated,
            "podman",
            "podman has no overlay networks",
        ),
        (
            create(driver=h.Macvlan(), vlan=None, subnet="10.1.0.0/24"),
            RuleViolated,
            "parent",
            "a macvlan network without a VLAN needs its parent",
        ),
        (
            create(driver=h.Macvlan(parent="eno7"), vlan=None, subnet="10.1.0.0/24"),
            PortNotFound,
            "eno7",
            "srv1 has no port eno7",
        ),
        (create(driver=h.Bridge(name="eno2")), AlreadyExists, "eno2", "eno2 is a network card of srv1"),
        (
            create("a-very-long-name", vlan=None, subnet="10.1.0.0/24"),
            InvalidValue,
            "bridge",
            "name a bridge for the network a-very-long-name",
        ),
        (
            c.RemoveContainerNetwork(name="web"),
            ContainerNetworkNotFound,
            "web",
            "there is no container network 'web' in network 'net'",
        ),
        (c.RemoveVmNetwork(name="vms"), VmNetworkNotFound, "vms", "there is no VM network 'vms' in network 'net'"),
    ],
)
def test_a_container_network_that_could_not_work_is_refused(
    command: c.Command, error: type[Any], subject: str, words: str
) -> None:
    assert refused(given(*MORE), error, words, command).subject == subject


def test_hosts_get_ranges_that_no_other_network_of_the_vlan_has() -> None:
    network = given(*MORE, create(hosts={"srv1": {}, "srv2": {}}))
    bridge = h.Bridge(name="br-db")
    when(network, create("db", driver=bridge, hosts={"srv2": {}, "srv1": {}}))
    found = [
        (share.number, str(share.range))
        for name in ("web", "db")
        for share in network.container_networks[name].settings.hosts.values()
    ]
    assert found == [
        (1, "10.0.100.32-10.0.100.63"),
        (2, "10.0.100.64-10.0.100.95"),
        (3, "10.0.100.96-10.0.100.127"),
        (4, "10.0.100.128-10.0.100.159"),
    ]
    asked = h.AddressRange.parse("10.0.100.40-10.0.100.70")
    words = r"10.0.100.40-10.0.100.70 of srv1 overlaps 10.0.100.32-10.0.100.63 of srv1 in the container network web"
    wanted = create("third", driver=h.Bridge(name="br3"), hosts={"srv1": {"range": asked}})
    assert refused(network, SubnetOverlap, words, wanted).subject == str(asked)


def test_two_who_choose_a_range_at_once_want_one_number() -> None:
    claims = [
        when(given(*MORE), create(name, hosts={server: {}})).claims() for name, server in (("a", "srv1"), ("b", "srv2"))
    ]
    assert set(claims[0]) & set(claims[1]) == {"range:net/100/1"}


def test_a_subnet_that_is_cut_up_has_no_range_for_one_more_host() -> None:
    small = create("small", vlan=None, subnet="10.1.0.0/29", driver=h.Bridge(name="br1"))
    network = given(*MORE, small)
    assert str(network.container_networks["small"].settings.hosts["srv1"].range) == "10.1.0.4-10.1.0.6"
    both = wish(
        vlan=None, subnet=IPv4Network("10.1.0.0/29"), driver=h.Bridge(name="br1"), hosts={"srv1": {}, "srv2": {}}
    )
    change = c.ChangeContainerNetwork(name="small", wish=both)
    assert (
        refused(network, NoAvailableSubnet, "10.1.0.0/29 has no range of addresses left", change).subject
        == "10.1.0.0/29"
    )
    words = "10.1.0.0/24 of other overlaps 10.1.0.0/29 of the container network small"
    refused(network, SubnetOverlap, words, create("other", vlan=None, subnet="10.1.0.0/24", hosts={"srv2": {}}))


def test_two_container_networks_do_not_share_a_bridge_on_a_host() -> None:
    words = "the container network web has the bridge br-vlan100 on srv1 already"
    assert refused(given(create()), AlreadyExists, words, create("db")).subject == "br-vlan100"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, TrunkMode(native_vlan=999, allowed=frozenset({100}))),
        (AccessMode(vlan=100), TrunkMode(native_vlan=999, allowed=frozenset({100}))),
        (AccessMode(vlan=10), TrunkMode(native_vlan=10, allowed=frozenset({10, 100}))),
        (TrunkMode(native_vlan=999, allowed=frozenset({10})), TrunkMode(native_vlan=999, allowed=frozenset({10, 100}))),
        (TrunkMode(native_vlan=999), TrunkMode(native_vlan=999)),
    ],
)
def test_the_hosts_port_becomes_a_trunk_and_what_it_was_again(before: Any, after: TrunkMode) -> None:
    configuration = PortConfiguration(description="server", switching=before)
    network = given(port("acc", PORTS[1], configuration), create())
    assert network.devices["acc"].switch_ports[PORTS[1]] == configuration.model_copy(update={"switching": after})
    when(network, c.RemoveContainerNetwork(name="web"))
    assert network.devices["acc"].switch_ports[PORTS[1]] == configuration
    assert network.container_networks == {}


def test_a_port_that_nobody_configured_is_reset_in_the_end() -> None:
    network = given(create())
    when(network, c.RemoveContainerNetwork(name="web"))
    assert PORTS[1] not in network.devices["acc"].switch_ports


def test_a_port_that_somebody_changed_since_only_loses_the_vlan() -> None:
    network = given(create())
    changed = PortConfiguration(description="x", switching=TrunkMode(native_vlan=999, allowed=frozenset({10, 100})))
    when(network, port("acc", PORTS[1], changed), c.RemoveContainerNetwork(name="web"))
    switching = network.devices["acc"].switch_ports[PORTS[1]].switching
    assert switching == TrunkMode(native_vlan=999, allowed=frozenset({10}))


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        (PortConfiguration(enabled=False), f"acc {PORTS[1]} is shut; enable it first"),
        (PortConfiguration(switching=TrunkMode(native_vlan=100)), f"acc {PORTS[1]} has VLAN 100 untagged"),
    ],
)
def test_a_port_that_cannot_carry_the_vlan_is_refused(configuration: PortConfiguration, words: str) -> None:
    refused(given(port("acc", PORTS[1], configuration)), RuleViolated, words, create())


@pytest.mark.parametrize(
    ("command", "subject", "words"),
    [
        (c.RemoveVlan(device="acc", vlan=100), "100", "VLAN 100 of acc carries the container network web"),
        (c.RemoveRouterInterface(device="dist", interface="Vlan100"), "10.0.100.1", "the gateway of VLAN 100"),
        (svi("dist", 100, "10.0.100.2/24"), "10.0.100.1", "10.0.100.1, the gateway of VLAN 100, carries"),
        (c.RemoveDevice(device="srv1"), "srv1", "the host srv1 carries the container network web"),
        (
            c.RemovePorts(device="srv1", ports=("eno1",)),
            "srv1",
            "the link of srv1 eno1 to acc GigabitEthernet0/2 carries",
        ),
        (c.ResetPort(device="acc", port=PORTS[1]), f"acc {PORTS[1]}", "a trunk with VLAN 100, carries"),
        (port("acc", PORTS[1], PortConfiguration(enabled=False)), f"acc {PORTS[1]}", "a trunk with VLAN 100, carries"),
        (
            c.DisconnectLink(a=Endpoint(device="srv1", port="eno1"), b=Endpoint(device="acc", port=PORTS[1])),
            "srv1",
            "the link of srv1 eno1 to acc",
        ),
    ],
)
def test_what_a_container_network_stands_on_cannot_be_taken_away(command: c.Command, subject: str, words: str) -> None:
    error = refused(given(create()), NetworkInUse, words, command)
    assert (error.subject, error.users) == (subject, ("web",))


def test_a_host_cannot_get_the_address_of_the_gateway_or_of_a_container() -> None:
    network = given(create(vlan=10, subnet="10.0.10.0/24"), attach("a"))
    assert network.container_networks["web"].settings.gateway == IPv4Address("10.0.10.1")
    for address, error in (("10.0.10.1", RuleViolated), ("10.0.10.32", DuplicateIpAddress)):
        details = NIXOS.model_copy(update={"management": IPv4Address(address)})
        refused(network, error, address, c.AddHost(device="srv9", name="srv9", details=details))


def test_a_network_follows_its_host_to_another_port() -> None:
    network = given(create())
    old, new = "srv1 eno1", "acc Gi0/3"
    moved = when(
        network,
        c.DisconnectLink(a=link(old, new).a, b=Endpoint(device="acc", port=PORTS[1])),
        link(old, new),
        c.ChangeContainerNetwork(name="web", wish=wish()),
    )
    assert PORTS[1] not in network.devices["acc"].switch_ports
    assert PORTS[2] in network.devices["acc"].switch_ports
    assert [stream for stream, event in moved.events if isinstance(event, e.HostsAssigned)] == ["network:net"]
    assert when(network, c.ChangeContainerNetwork(name="web", wish=wish())).events == []


def test_a_network_goes_to_another_vlan_and_its_hosts_keep_their_ranges_where_they_can() -> None:
    network = given(create())
    when(network, c.ChangeContainerNetwork(name="web", wish=wish(vlan=10, subnet=IPv4Network("10.0.10.0/24"))))
    settings = network.container_networks["web"].settings
    assert settings.driver == h.Bridge(name="br-vlan10")
    switching = network.devices["acc"].switch_ports[PORTS[1]].switching
    assert switching == TrunkMode(native_vlan=999, allowed=frozenset({10}))
    network = given(*MORE, create(), attach("a"))
    when(network, c.ChangeContainerNetwork(name="web", wish=wish(hosts={"srv1": {}, "srv2": {}}, dns=("192.0.2.53",))))
    shares = network.container_networks["web"].settings.hosts
    assert [str(share.range) for share in shares.values()] == ["10.0.100.32-10.0.100.63", "10.0.100.64-10.0.100.95"]
    lost = refused(
        network,
        NetworkInUse,
        "would lose host or address of containers: a; detach them first",
        c.ChangeContainerNetwork(name="web", wish=wish(hosts={"srv2": {}})),
    )
    assert lost.users == ("a",)


# --- attaching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "error", "subject", "words"),
    [
        (attach("a", address="10.0.100.5"), AlreadyExists, "a", "has a container a already; detach it first"),
        (attach("b", host="srv2"), NotFound, "srv2", "is not on the host srv2; it is on srv1"),
        (attach("b", address="10.0.100.5"), RuleViolated, "web b", "is not in the range of srv1"),
        (attach("b", address="10.0.100.32"), DuplicateIpAddress, "web b", "is taken by its container a"),
        (attach("b", runtime="podman"), RuleViolated, "b", "the container network web is one of docker, not podman"),
        (attach("b", "db"), ContainerNetworkNotFound, "db", "there is no container network 'db'"),
        (create(), AlreadyExists, "web", "there is a container network 'web' already"),
        (c.RemoveContainerNetwork(name="web"), NetworkInUse, "web", "has containers attached: a; detach them first"),
    ],
)
def test_a_container_that_cannot_be_attached_is_refused(
    command: c.Command, error: type[Any], subject: str, words: str
) -> None:
    assert refused(given(create(), attach("a")), error, words, command).subject == subject


def test_what_is_attached_as_asked_needs_nothing_and_what_is_detached_is_free_again() -> None:
    network = given(create(), attach("a", image="nginx"))
    assert when(network, attach("a", image="nginx"), c.DetachContainer(name="web", container="b")).events == []
    working = when(network, c.DetachContainer(name="web", container="a"))
    assert working.releases() == {"address:net/10.0.100.32": "container-network:net/web"}
    assert working.claims() == {}


def test_addresses_that_devices_have_are_passed_over() -> None:
    printer = e.DeviceDetails(vendor="cisco", platform="ios", management=IPv4Address("10.0.100.33"))
    network = given(create(), c.AddRouter(device="r", name="r", details=printer), attach("a"), attach("b"))
    assert [str(item.address) for item in network.container_networks["web"].containers.values()] == [
        "10.0.100.32",
        "10.0.100.34",
    ]


def test_a_range_that_is_full_has_no_address_left() -> None:
    asked = h.AddressRange.parse("10.0.100.50-10.0.100.51")
    network = given(create(hosts={"srv1": {"range": asked}}), attach("a"), attach("b"))
    error = refused(network, NoAvailableAddress, "10.0.100.50-10.0.100.51 of the container network web", attach("c"))
    assert error.subject == str(asked)


# --- virtual machines -------------------------------------------------------------------------------------------------


def machines(name: str = "vms", **fields: Any) -> c.CreateVmNetwork:
    told = {"kind": h.Bridged(), "vlan": 100, "hosts": {"srv1": None}, **fields}
    return c.CreateVmNetwork(name=name, wish=h.VmNetworkWish.model_validate(told))


def attach_vm(vm: str, network: str = "vms", **fields: Any) -> c.AttachVm:
    return c.AttachVm(name=network, vm=vm, wish=h.VmWish.model_validate({"host": "srv1", **fields}))


NAT: dict[str, Any] = {"kind": h.Nat(subnet=IPv4Network("192.168.122.0/24")), "vlan": None}


def test_a_bridged_vm_network_joins_the_containers_of_its_vlan() -> None:
    network = given(create(), attach("a"), machines(), attach_vm("one", address="10.0.100.5"), attach_vm("two"))
    vms = network.vm_networks["vms"]
    assert vms.settings.kind == h.Bridged(bridge="br-vlan100")
    assert (vms.settings.subnet, vms.settings.gateway) == (IPv4Network("10.0.100.0/24"), IPv4Address("10.0.100.1"))
    assert vms.vms["two"].address is None
    assert vms.vms["two"].mac.startswith("02:")
    when(network, c.DetachContainer(name="web", container="a"), c.RemoveContainerNetwork(name="web"))
    switching = network.devices["acc"].switch_ports[PORTS[1]].switching
    assert switching == TrunkMode(native_vlan=999, allowed=frozenset({100}))
    when(network, c.DetachVm(name="vms", vm="one"), c.DetachVm(name="vms", vm="two"), c.RemoveVmNetwork(name="vms"))
    assert PORTS[1] not in network.devices["acc"].switch_ports


def test_networks_behind_a_host_have_addresses_of_their_own() -> None:
    network = given(*MORE, machines(**NAT), attach_vm("one", address="192.168.122.9"))
    settings = network.vm_networks["vms"].settings
    assert (str(settings.gateway), settings.hosts) == ("192.168.122.1", {"srv1": None})
    working = when(network, machines("lab", kind=h.Internal(), vlan=None), attach_vm("two", "lab"))
    assert working.claims() == {}
    vmware = h.VMware(vcenter="vc", datacenter="dc1")
    when(network, machines("esx", hypervisor=vmware, hosts={"esx": None}))
    assert network.vm_networks["esx"].settings.kind == h.Bridged(bridge="vlan100")
    again = c.ChangeVmNetwork(name="vms", wish=h.VmNetworkWish.model_validate({**NAT, "hosts": {"srv1": None}}))
    assert when(network, again).events == []


@pytest.mark.parametrize(
    ("command", "error", "words"),
    [
        (machines(), AlreadyExists, "there is a VM network 'vms' already"),
        (machines("x", hosts={}), RuleViolated, "the network x has no host"),
        (machines("x", vlan=None), RuleViolated, "the bridged network x needs a VLAN or a bridge"),
        (machines("x", kind=h.Internal()), RuleViolated, "a network of type internal is on no VLAN"),
        (machines("x", hosts={"esx": None}), RuleViolated, "esx runs esxi, which has no libvirt"),
        (
            machines("x", hypervisor=h.VMware(vcenter="a", datacenter="b"), hosts={"esx": None}, **NAT),
            RuleViolated,
            "VMware ESXi has no NAT",
        ),
        (machines("x", hypervisor=h.HyperV(host="hv")), DeviceNotFound, "there is no host 'hv'"),
        (machines("x", hypervisor=h.HyperV(host="srv2")), RuleViolated, "is on the Hyper-V server srv2 alone"),
        (machines("x", **NAT), SubnetOverlap, "overlaps 192.168.122.0/24 of the VM network vms"),
        (
            machines("x", kind=h.Bridged(bridge="br-vlan100"), vlan=10),
            AlreadyExists,
            "has the bridge br-vlan100 for another",
        ),
        (attach_vm("one", address="192.168.122.10"), AlreadyExists, "has a machine one already"),
        (attach_vm("two", host="srv2"), NotFound, "is not on the host srv2"),
        (attach_vm("two", address="192.168.122.9"), DuplicateIpAddress, "is taken"),
        (attach_vm("two", address="192.168.122.1"), RuleViolated, "is no address of the VM network vms"),
        (attach_vm("two", mac="52:54:00:00:00:01"), AlreadyExists, "is the MAC address of another machine"),
        (attach_vm("two", "x"), VmNetworkNotFound, "there is no VM network 'x'"),
        (c.RemoveVmNetwork(name="vms"), NetworkInUse, "has virtual machines attached: one; detach them first"),
        (
            c.ChangeVmNetwork(name="vms", wish=h.VmNetworkWish(kind=h.Internal(), hosts={"srv2": None})),
            NetworkInUse,
            "would lose host or address of virtual machines: one",
        ),
    ],
)
def test_what_cannot_be_done_with_virtual_machines_is_refused(command: c.Command, error: type[Any], words: str) -> None:
    first = attach_vm("one", address="192.168.122.9", mac="52:54:00:00:00:01")
    refused(given(*MORE, create(), machines(**NAT), first), error, words, command)


def test_a_machine_gets_no_address_out_of_the_range_of_containers() -> None:
    words = "10.0.100.40 is in the range 10.0.100.32-10.0.100.63 of srv1 in the container network web"
    refused(given(create(), machines()), RuleViolated, words, attach_vm("one", address="10.0.100.40"))


def test_the_name_of_a_network_always_gives_the_same_addresses() -> None:
    assert h.derived_mac("net", "container", "web", "a", "0") == h.derived_mac("net", "container", "web", "a", "0")
    assert h.derived_mac("net", "vm", "web", "a") != h.derived_mac("net", "container", "web", "a", "0")


def test_a_router_on_a_stick_is_the_gateway_of_its_sub_interface() -> None:
    sub = c.ConfigureRouterInterface(
        device="r1",
        interface="Gi0/0.10",
        configuration=RoutedInterface.model_validate({"addresses": ("10.0.10.254/24",)}),
    )
    router = c.AddRouter(device="r1", name="r1", details=CISCO, ports=("Gi0/0",))
    to_router = port("dist", PORTS[3], PortConfiguration(switching=TrunkMode(native_vlan=999, allowed=frozenset({10}))))
    network = given(router, sub, to_router, link("r1 Gi0/0", "dist Gi0/4"), create(vlan=10))
    assert network.container_networks["web"].settings.gateway == IPv4Address("10.0.10.254")


# --- what everybody on a host may read --------------------------------------------------------------------------------


@pytest.mark.parametrize("uri", ["qemu+ssh://root@h/system", "qemu:///system", "test:///default", "xen+ssh://a:22/x@y"])
def test_a_connection_to_a_hypervisor_names_a_user_at_most(uri: str) -> None:
    assert h.Libvirt(uri=uri).uri == uri


@pytest.mark.parametrize("uri", ["qemu+ssh://root:hunter2@h/system", "esx://:hunter2@h/?no_verify=1"])
def test_a_password_in_a_connection_is_refused_and_not_shown(uri: str) -> None:
    with pytest.raises(ValidationError, match="names a password; write it without, and use a key") as refused:
        h.Libvirt(uri=uri)
    assert "hunter2" not in refused.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    "image", ["nginx:1.27", "ghcr.io/a/web@sha256:" + "0" * 64, "reg:5000/a/b:1@sha512:" + "a" * 128]
)
def test_an_image_may_have_a_digest(image: str) -> None:
    assert h.ContainerWish(host="srv1", image=image).image == image


@pytest.mark.parametrize("image", ["user:hunter2@reg/x:1", "user@reg/x"])
def test_a_login_in_an_image_is_refused_and_its_password_not_shown(image: str) -> None:
    with pytest.raises(ValidationError, match="names a login; write it without") as refused:
        h.ContainerWish(host="srv1", image=image)
    assert "hunter2" not in refused.value.errors()[0]["msg"]
