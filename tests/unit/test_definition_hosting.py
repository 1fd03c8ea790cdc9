"""Hosts, container networks and VM networks in a definition file: what is read, and what is refused with its line."""

from ipaddress import IPv4Network

import pytest

from cimnet_nornir.definition import Definition, check_definition
from cimnet_nornir.domain.desired import commands_between
from cimnet_nornir.domain.hosting import values as h
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.domain.working import Working

FILE = """\
network: n
defaults: {vendor: cisco, platform: ios, site: hq}
vlans: {100: servers}
devices:
  sw1:
    kind: switch
    routing: true
    ports: Gi1/0/1-4
    interfaces: {Vlan100: {address: 10.0.100.1/24}}
  srv1: {kind: host, ports: [eno1, enp1s0f0], management: 10.0.100.9}
  esx1: {kind: host, vendor: vmware, ports: vmnic0}
links: [[srv1 eno1, sw1 Gi1/0/1], [esx1 vmnic0, sw1 gi1/0/2]]
"""
CONTAINERS = "container_networks:\n  web:\n"
MACHINES = "vm_networks:\n  vms:\n"


def load(more: str = "") -> Definition:
    definition, problems = check_definition(FILE + more, file="f")
    assert problems == ()
    assert definition is not None
    return definition


def test_a_host_has_ports_by_their_linux_names_and_a_vendor_of_its_own() -> None:
    devices = {device.name: device for device in load().desired.devices}
    assert (devices["srv1"].kind, devices["srv1"].ports) == (DeviceKind.HOST, ("eno1", "enp1s0f0"))
    assert (devices["srv1"].details.vendor, devices["srv1"].details.platform) == ("nixos", "nixos")
    assert (devices["esx1"].details.vendor, devices["esx1"].details.platform) == ("vmware", "esxi")
    assert devices["srv1"].details.site == "hq"


def test_the_end_of_a_link_is_read_by_the_kind_of_its_device() -> None:
    text = FILE.replace("ports: [eno1, enp1s0f0]", "ports: [eth0]").replace("srv1 eno1", "srv1 eth0")
    definition, problems = check_definition(text, file="f")
    assert problems == ()
    assert definition is not None
    assert {end for link in definition.desired.links for end in (link.a, link.b)} >= {("srv1", "eth0")}


def test_a_container_network_may_say_all_or_hardly_anything() -> None:
    (web,) = load(f"{CONTAINERS}    vlan: 100\n    hosts: [srv1]\n    containers: [a, b]\n").desired.container_networks
    assert web.wish == h.ContainerNetworkWish(vlan=100, hosts={"srv1": h.HostWish()})
    assert web.containers == dict.fromkeys(("a", "b"), h.ContainerWish(host="srv1"))
    (web,) = load(
        f"{CONTAINERS}    vlan: 100\n    runtime: podman\n    driver: macvlan\n    parent: eno1\n    mode: private\n"
        "    subnet: 10.0.100.128/25\n    gateway: 10.0.100.1\n    dns: [10.0.100.2]\n"
        "    hosts: {srv1: {uplink: eno1, range: 10.0.100.200-10.0.100.220}}\n"
        "    containers: {a: {address: 10.0.100.201, image: 'nginx:1.27', host: srv1, runtime: podman}, b: }\n"
    ).desired.container_networks
    assert web.wish.driver == h.Macvlan(parent="eno1", mode="private")
    assert web.wish.subnet == IPv4Network("10.0.100.128/25")
    assert str(web.wish.hosts["srv1"].range) == "10.0.100.200-10.0.100.220"


def test_a_vm_network_says_what_its_hypervisor_needs() -> None:
    definition = load(
        "vm_networks:\n"
        "  a: {vlan: 100, hosts: [srv1], bandwidth: {inbound_mbps: 100}, machines: {m: {mac: 52-54-00-00-00-01}}}\n"
        "  b: {type: nat, subnet: 192.168.122.0/24, dhcp: 192.168.122.9-192.168.122.19, hosts: [srv1]}\n"
        "  c: {type: internal, uri: 'qemu:///session', hosts: {srv1: }}\n"
        "  d: {hypervisor: vmware, vcenter: vc, datacenter: dc1, vlan: 100, hosts: [esx1]}\n"
    )
    a, b, c, d = definition.desired.vm_networks
    assert (a.wish.bandwidth.inbound_mbps, a.vms["m"].mac) == (100, "52:54:00:00:00:01")
    assert isinstance(b.wish.kind, h.Nat)
    assert c.wish.hypervisor == h.Libvirt(uri="qemu:///session")
    assert d.wish.hypervisor == h.VMware(vcenter="vc", datacenter="dc1")


WRONG = [
    ("    vlan: 100\n    hosts: [srv2]\n", "hosts", 16, "there is no host srv2; did you mean srv1?"),
    ("    vlan: 100\n    hosts: [h9]\n", "hosts", 16, "there is no host h9; known: srv1, esx1"),
    ("    vlan: 100\n", "hosts", 14, "it needs the hosts that carry it; write hosts: [srv1]"),
    ("    vlan: 100\n    hosts: [esx1]\n", "", 14, "esx1 runs esxi, which carries no containers here"),
    ("    vlan: 100\n    hosts: [sw1]\n", "", 14, "sw1 is a switch: containers and virtual machines run on hosts"),
    ("    vlan: 20\n    hosts: [srv1]\n", "vlan", 15, "srv1 is linked to sw1, which does not have VLAN 20"),
    ("    vlan: 100\n    vxlan: 7\n    hosts: [srv1]\n", "vxlan", 16, "vxlan does not go with driver bridge"),
    ("    driver: overlay\n    bridge: br0\n    hosts: [srv1]\n", "bridge", 16, "it belongs to bridge"),
    ("    vlan: 100\n    bridge: bridge-of-the-web\n    hosts: [srv1]\n", "bridge", 16, "at most 15"),
    (
        "    vlan: 100\n    subnet: 10.9.0.0/24\n    hosts: [srv1]\n",
        "subnet",
        16,
        "is not within 10.0.100.0/24 of VLAN",
    ),
    ("    vlan: 100\n    gateway: 10.9.0.1\n    hosts: [srv1]\n", "gateway", 16, "is no address of 10.0.100.0/24"),
    ("    vlan: 100\n    gateway: 10.0.100.9\n    hosts: [srv1]\n", "", 14, "cannot be the address of the host srv1"),
    (
        "    vlan: 100\n    hosts: {srv1: {range: 10.0.100.9}}\n",
        "hosts.srv1.range",
        16,
        "is no address range; write it",
    ),
    ("    vlan: 100\n    hosts: [srv1]\n    colour: red\n", "colour", 17, "there is no field 'colour'"),
    (
        "    vlan: 100\n    hosts: [srv1]\n    containers: {a: {address: 10.0.100.9}}\n",
        "containers.a.address",
        17,
        "10.0.100.9 is not in the range of srv1 in the container network web: 10.0.100.32-10.0.100.63",
    ),
    (
        "    vlan: 100\n    hosts: [srv1]\n    containers: {a: {host: srv2}}\n",
        "containers.a.host",
        17,
        "it is on srv2, which does not carry the network; write host: srv1",
    ),
]


@pytest.mark.parametrize(("more", "field", "line", "words"), WRONG)
def test_what_is_wrong_with_a_container_network_is_told_with_its_line(
    more: str, field: str, line: int, words: str
) -> None:
    definition, problems = check_definition(f"{FILE}{CONTAINERS}{more}", file="f")
    assert definition is None
    (problem,) = problems
    assert words in problem.problem
    assert problem.field == ".".join(("container_networks.web", *((field,) if field else ())))
    assert problem.line == line


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ("{hosts: [srv1]}", "", "the bridged network vms needs a VLAN or a bridge; name one"),
        ("{type: nat, hosts: [srv1]}", "subnet", "subnet is missing"),
        ("{type: nat, vlan: 100, subnet: 192.168.1.0/24, hosts: [srv1]}", "vlan", "it belongs to bridged"),
        ("{hypervisor: vmware, vcenter: vc, vlan: 100, hosts: [esx1]}", "datacenter", "datacenter is missing"),
        ("{hypervisor: hyper-v, vlan: 100, hosts: [srv1]}", "host", "host is missing"),
        ("{uri: x, hypervisor: vmware, vcenter: a, datacenter: b, hosts: [esx1]}", "uri", "it belongs to libvirt"),
        ("{vlan: 100, hosts: [esx1]}", "", "esx1 runs esxi, which has no libvirt"),
        ("{type: internal, hosts: [srv1], machines: {m: {mac: xyz}}}", "machines.m.mac", "is no MAC address"),
        (
            "{type: nat, subnet: 192.168.1.0/24, dhcp: 192.168.2.1-192.168.2.9, hosts: [srv1]}",
            "",
            "the DHCP range 192.168.2.1-192.168.2.9 is not within 192.168.1.0/24",
        ),
        (
            "{type: nat, subnet: 192.168.1.0/24, hosts: [srv1], machines: {m: {address: 10.0.0.1}}}",
            "machines.m.address",
            "10.0.0.1 is no address of the VM network vms (192.168.1.0/24)",
        ),
    ],
)
def test_what_is_wrong_with_a_vm_network_is_told_with_its_field(more: str, field: str, words: str) -> None:
    definition, problems = check_definition(f"{FILE}vm_networks:\n  vms: {more}\n", file="f")
    assert definition is None
    (problem,) = problems
    assert words in problem.problem
    assert problem.field == ".".join(("vm_networks.vms", *((field,) if field else ())))


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        (
            "kind: host, ports: [eno1",
            "kind: host, spanning_tree: {}, ports: [eno1",
            "spanning_tree",
            "does not go with kind: host",
        ),
        ("ports: [eno1, enp1s0f0]", "ports: [eno1, Gi0/1]", "ports", "'Gi0/1' is no interface name of a Linux host"),
        ("ports: [eno1, enp1s0f0]", "ports: [eno1, eno1]", "ports", "the port eno1 is there already"),
        ("kind: host, ports: [eno1", "kind: host, vendor: cisco, ports: [eno1", "vendor", "known: microsoft, nixos"),
    ],
)
def test_what_a_host_cannot_be_is_told_with_its_field(old: str, new: str, field: str, words: str) -> None:
    _, problems = check_definition(FILE.replace(old, new), file="f")
    assert words in problems[0].problem
    assert problems[0].field == f"devices.srv1.{field}"


def test_nothing_is_said_of_a_network_on_a_host_that_is_wrong_itself() -> None:
    text = FILE.replace("[eno1, enp1s0f0]", "[eno1, a/b]") + f"{CONTAINERS}    vlan: 100\n    hosts: [srv1]\n"
    _, problems = check_definition(text, file="f")
    assert [problem.field for problem in problems] == ["devices.srv1.ports"]


def test_a_file_that_shuts_the_port_of_its_containers_is_refused_at_the_network() -> None:
    text = FILE.replace("{Vlan100:", "{GigabitEthernet1/0/1: {enabled: false}, Vlan100:")
    _, problems = check_definition(f"{text}{CONTAINERS}    vlan: 100\n    hosts: [srv1]\n", file="f")
    (problem,) = problems
    assert (problem.field, problem.line) == ("container_networks.web", 14)
    assert "sw1 GigabitEthernet1/0/1 is shut; enable it first" in problem.problem


def test_what_follows_from_a_network_is_no_difference_the_second_time() -> None:
    more = f"{CONTAINERS}    vlan: 100\n    hosts: [srv1]\n    containers: [a]\n"
    desired = load(more).desired
    working = Working(Network("n"))
    for command in commands_between(working.network, desired):
        working.execute(command)
    working.finish()
    for prune in (False, True):
        assert commands_between(working.network, desired, prune=prune) == ()
    text = FILE.replace("{Vlan100:", "{GigabitEthernet1/0/1: {description: server}, Vlan100:")
    definition, _ = check_definition(f"{text}{more}", file="f")
    assert definition is not None
    commands = commands_between(working.network, definition.desired, prune=True)
    for command in commands:
        working.execute(command)
    working.finish()
    assert len(commands) == 1
    assert commands_between(working.network, definition.desired, prune=True) == ()
