"""What no Linux server can have is refused, whatever is to be written for it."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Any

import pytest

from cimnet_nornir.application.host_parts import (
    HostBond,
    HostBridge,
    HostCard,
    HostContainer,
    HostContainerNetwork,
    HostInterface,
    HostSide,
    HostVlan,
    HostVm,
    HostVmNetwork,
    HostVxlan,
)
from cimnet_nornir.application.host_rules import refuse_impossible
from cimnet_nornir.domain.hosting.values import AddressRange, Bandwidth, Bridge, Bridged, Libvirt, Macvlan
from cimnet_nornir.errors import RuleViolated

GATEWAY = IPv4Address("10.0.100.1")
OWN = (IPv4Interface("10.0.100.10/24"),)


def containers(number: int, *, interface: str = "br-vlan100", macvlan: bool = False) -> HostContainerNetwork:
    addresses = AddressRange(first=IPv4Address("10.0.100.32"), last=IPv4Address("10.0.100.63"))
    attached = tuple(
        HostContainer(f"c{each}", IPv4Address("10.0.100.33"), "02:00:00:00:00:01") for each in range(number)
    )
    driver = Macvlan() if macvlan else Bridge()
    subnet = IPv4Network("10.0.100.0/24")
    return HostContainerNetwork(
        "apps", "podman", driver, interface, 100, subnet, GATEWAY, addresses, containers=attached
    )


def machines(number: int, gateway: IPv4Address | None) -> HostVmNetwork:
    attached = tuple(HostVm(f"v{each}", "02:00:00:00:00:02") for each in range(number))
    kind = Bridged()
    return HostVmNetwork("vms", Libvirt(), kind, "br-vlan100", 100, None, gateway, Bandwidth(), attached)


WEB = HostSide(
    "net",
    "web",
    (HostCard("eno1", "sw1", "Gi1/0/1"),),
    (HostVlan(100, "eno1", "vlan100"),),
    (HostBridge("br-vlan100", "vlan100", OWN, gateway=GATEWAY),),
    container_networks=(containers(1),),
)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"vlan_aware": True},
        {"bonds": (HostBond("bond0", ("eno2", "eno3")),)},
        {"interfaces": (HostInterface("eno2", (IPv4Interface("192.0.2.1/24"),)),)},
        {"interfaces": (HostInterface("eno1", (IPv4Interface("192.0.2.1/24"),)),)},
        {"interfaces": (HostInterface("vlan100", mtu=1400),)},
        {"container_networks": (containers(1000),), "vm_networks": (machines(22, GATEWAY),)},
        {"vm_networks": (machines(1, None),)},
        {"container_networks": (containers(2000, macvlan=True),)},
    ],
)
def test_what_linux_can_have_is_let_through(parts: dict[str, Any]) -> None:
    refuse_impossible(replace(WEB, **parts))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            {"bridges": (HostBridge("br-sixteen-chars"),)},
            "br-sixteen-chars is too long for Linux: at most 15 characters",
        ),
        (
            {"vlans": (HostVlan(100, "enp129s0f0np0", "vlan100"),), "vlan_aware": True},
            "br-enp129s0f0np0 is too long for Linux",
        ),
        ({"bridges": (HostBridge("br a"),)}, "'br a' is no name of a Linux interface"),
        ({"bridges": (HostBridge("br*"),)}, "is no name of a Linux interface"),
        ({"bridges": (HostBridge("100"),)}, "is no name of a Linux interface"),
        ({"bridges": (HostBridge(""),)}, "'' is no name of a Linux interface"),
        ({"interfaces": (HostInterface("a/b"),)}, "'a/b' is no name of a Linux interface"),
        (
            {"bridges": (HostBridge("docker0"),)},
            "docker0 is a name that Linux, Docker, Podman or libvirt has for itself",
        ),
        (
            {"bonds": (HostBond("all", ("eno2",)),)},
            "all is a name that Linux, Docker, Podman or libvirt has for itself",
        ),
        (
            {"container_networks": (replace(containers(1), name="host"),)},
            r"host is a network that (docker|podman) has by itself; name it otherwise",
        ),
        ({"bridges": (HostBridge("vlan100"),)}, "two interfaces are named vlan100"),
        ({"bridges": (HostBridge("eno1"),)}, "two interfaces are named eno1"),
        ({"bridges": (HostBridge("br-eno1"),), "vlan_aware": True}, "two interfaces are named br-eno1"),
        ({"bonds": (HostBond("br-vlan100", ("eno2",)),)}, "two interfaces are named br-vlan100"),
        ({"bonds": (HostBond("vlan100", ("eno2",)),)}, "two interfaces are named vlan100"),
        ({"bonds": (HostBond("br-eno1", ("eno2",)),), "vlan_aware": True}, "two interfaces are named br-eno1"),
        ({"bonds": (HostBond("eno1", ("eno2",)),)}, "two interfaces are named eno1"),
        (
            {"bonds": (HostBond("bond0", ("eno2",)), HostBond("bond1", ("eno2",)))},
            "eno2 is in two bonds",
        ),
        ({"bonds": (HostBond("bond0", ("eno1",)),)}, "eno1 is a member of bond0; what is on it goes on bond0"),
        (
            {"interfaces": (HostInterface("vlan100", (IPv4Interface("192.0.2.1/24"),)),)},
            "vlan100 is in br-vlan100 and can have no address; give it to br-vlan100, or a VLAN",
        ),
        (
            {"interfaces": (HostInterface("eno1", (IPv4Interface("192.0.2.1/24"),)),), "vlan_aware": True},
            "eno1 is in br-eno1 and can have no address",
        ),
        (
            {
                "bonds": (HostBond("bond0", ("eno2",)),),
                "interfaces": (HostInterface("eno2", (IPv4Interface("192.0.2.1/24"),)),),
            },
            "eno2 is in bond0 and can have no address",
        ),
        (
            {
                "vxlans": (HostVxlan("vx7", 7, "br-vlan100", IPv4Address("192.0.2.1")),),
                "interfaces": (HostInterface("vx7", (IPv4Interface("192.0.2.1/24"),)),),
            },
            "vx7 is in br-vlan100 and can have no address",
        ),
        (
            {"container_networks": (containers(1, interface="vlan100", macvlan=True),)},
            "vlan100 is in br-vlan100 and cannot be the parent of the macvlan network apps",
        ),
        (
            {"bridges": (HostBridge("br-vlan100", "vlan100", (IPv4Interface("10.0.100.1/24"),)),)},
            "br-vlan100 cannot have 10.0.100.1: that is the gateway of VLAN 100",
        ),
        (
            {
                "container_networks": (),
                "vm_networks": (machines(1, IPv4Address("10.0.100.10")),),
            },
            "br-vlan100 cannot have 10.0.100.10: that is the gateway of VLAN 100",
        ),
        (
            {"interfaces": (HostInterface("eno2", (IPv4Interface("192.0.2.2/24"),), IPv4Address("192.0.2.1")),)},
            r"several default gateways \(10.0.100.1 on br-vlan100, 192.0.2.1 on eno2\); keep one",
        ),
        (
            {"container_networks": (containers(1000),), "vm_networks": (machines(23, GATEWAY),)},
            "br-vlan100 would have 1024 ports; a bridge of Linux has at most 1023",
        ),
    ],
)
def test_what_linux_cannot_have_is_refused(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleViolated, match=f"^web: .*{words}") as caught:
        refuse_impossible(replace(WEB, **parts))
    assert caught.value.subject == "web"
