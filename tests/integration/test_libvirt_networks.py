"""Networks of libvirt, taken by libvirt itself: its test driver knows all rules of a network and makes none."""

import shutil
import subprocess
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cimnet_nornir.application.host_kinds import AddressRange, Bandwidth, Bridged, Internal, Libvirt, Nat
from cimnet_nornir.application.host_parts import HostSide, HostVm, HostVmNetwork
from cimnet_nornir.nix.libvirt import network_xml

SUBNET = IPv4Network("192.168.150.0/24")
NAT = HostVmNetwork(
    name="build",
    hypervisor=Libvirt(),
    kind=Nat(subnet=SUBNET, dhcp=AddressRange.parse("192.168.150.100-192.168.150.199")),
    bridge=None,
    vlan=None,
    subnet=SUBNET,
    gateway=IPv4Address("192.168.150.1"),
    bandwidth=Bandwidth(inbound_mbps=1000, outbound_mbps=1),
    vms=(
        HostVm("runner1", "52:54:00:00:00:01", IPv4Address("192.168.150.10")),
        HostVm("2nd", "52:54:00:00:00:02", IPv4Address("192.168.150.11")),
    ),
)
NETWORKS = {
    "nat": NAT,
    "nat-without-range": replace(NAT, kind=Nat(subnet=SUBNET), bandwidth=Bandwidth()),
    "nat-without-dhcp": replace(NAT, kind=Nat(subnet=SUBNET), vms=()),
    "inner": replace(NAT, kind=Internal(subnet=SUBNET), gateway=None),
    "bridged": replace(NAT, kind=Bridged(bridge="br-vlan100"), bridge="br-vlan100", vlan=100, subnet=None),
    "long-name": replace(NAT, name="a-name-that-is-too-long-for-linux"),
}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS.keys())
def test_libvirt_takes_the_network_and_tells_it_as_it_was_told(network: HostVmNetwork, tmp_path: Path) -> None:
    virsh = shutil.which("virsh")
    if virsh is None:
        pytest.skip("no virsh is installed (Debian: libvirt-clients)")
    xml = network_xml(HostSide("campus", "srv1", (), (), (), vm_networks=(network,)), network)
    path = tmp_path / "network.xml"
    path.write_text(xml)
    commands = f"net-define --validate {path}; net-start {network.name}; net-dumpxml {network.name}"
    environment = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "LC_ALL": "C"}
    done = subprocess.run(
        [virsh, "--connect", "test:///default", "--quiet", commands],
        env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    told = ET.canonicalize(done.stdout[done.stdout.index("<network") :], strip_text=True, rewrite_prefixes=True)
    assert told == ET.canonicalize(xml, strip_text=True, rewrite_prefixes=True)
