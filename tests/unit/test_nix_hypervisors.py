"""Scripts for Hyper-V and VMware: what they say of each network, and govc's commands run against a stand-in."""

import json
import subprocess
import sys
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from cimnet_nornir.application.host_kinds import AddressRange, Bandwidth, Bridged, HyperV, Internal, Nat, VMware
from cimnet_nornir.application.host_parts import HostSide, HostVm, HostVmNetwork
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.nix.hyperv import powershell_text
from cimnet_nornir.nix.hypervisors import hypervisor_scripts

LAB = HostVmNetwork(
    name="lab",
    hypervisor=HyperV(host="hv1"),
    kind=Bridged(bridge="vlan100"),
    bridge=None,
    vlan=100,
    subnet=None,
    gateway=None,
    bandwidth=Bandwidth(inbound_mbps=20, outbound_mbps=10),
    vms=(HostVm("ci", "52:54:00:ab:cd:01", IPv4Address("10.0.100.200")),),
    uplink="Ethernet 2",
)
SUBNET = IPv4Network("10.7.0.0/24")
BUILD = replace(
    LAB,
    name="build",
    kind=Nat(subnet=SUBNET, dhcp=AddressRange.parse("10.7.0.10-10.7.0.99")),
    vlan=None,
    subnet=SUBNET,
    gateway=IPv4Address("10.7.0.1"),
    bandwidth=Bandwidth(),
    uplink=None,
)
ESX = VMware(vcenter="https://vc1/sdk", datacenter="Data Center")

# A govc that keeps port groups in a file, and prints them as the real one does (govc/host/portgroup/info.go).
_GOVC = r"""#!PYTHON -SEs
import json, os, sys

words, place = sys.argv[1:], os.path.dirname(os.path.abspath(__file__)) + "/state"
groups = json.load(open(place)) if os.path.exists(place) else {}
with open(place + ".calls", "a") as calls:
    calls.write(json.dumps([os.environ["GOVC_URL"], os.environ["GOVC_DATACENTER"], *words]) + "\n")
option = dict(zip(words[1:], words[2:]))
match words[0]:
    case "host.portgroup.info":
        for name, vlan in groups.items():
            print(f"Name:            {name}\nVirtual switch:  v\nVLAN ID:         {vlan}\n")
    case "host.portgroup.add":
        groups[words[-1]] = option["-vlan"]
    case "host.portgroup.change":
        groups[words[-1]] = option["-vlan-id"]
    case "host.vswitch.info":
        print("".join(f"Name:      {name}\n" for name in groups))
    case "host.vswitch.add":
        pass
    case "find":
        print("".join(f"/dc/network/{name}\n" for name in groups if name == option["-name"]), end="")
    case "dvs.portgroup.add":
        groups[words[-1]] = option["-vlan"]
    case "dvs.portgroup.change":
        groups[words[-1].rpartition("/")[2]] = option["-vlan"]
    case _:
        sys.exit(f"not understood: {words}")
json.dump(groups, open(place, "w"))
"""


def host(*networks: HostVmNetwork) -> HostSide:
    return HostSide("campus", "srv1", (), (), (), vm_networks=networks)


def powershell(*networks: HostVmNetwork) -> list[str]:
    """The lines that are of these networks alone."""
    text = hypervisor_scripts(host(*networks))["hyperv.ps1"]
    assert text.startswith("\ufeff# The Hyper-V networks of srv1 in campus.\n")
    return text.removesuffix("\n").split("\n}\n")[-1].removeprefix("\n").split("\n")


def test_a_bridged_network_of_hyper_v_is_the_switch_of_its_card() -> None:
    assert powershell(LAB) == [
        "# lab; set inside the machines: ci has 10.0.100.200",
        "$switch = Get-CimnetSwitch 'vlan100' 'Ethernet 2'",
        "Set-CimnetMachine 'ci' $switch '525400ABCD01' 100 10000000",
    ]


def test_a_network_behind_a_hyper_v_server_has_its_address_and_translates() -> None:
    assert powershell(BUILD) == [
        "# build; set inside the machines: ci has 10.0.100.200; Hyper-V has no DHCP for 10.7.0.10-10.7.0.99",
        "$switch = Get-CimnetInnerSwitch 'build' 'Internal'",
        "Set-CimnetNat 'build' '10.7.0.1' 24 '10.7.0.0/24'",
        "Set-CimnetMachine 'ci' $switch '525400ABCD01' 0 0",
    ]


def test_an_inner_network_of_hyper_v_is_a_private_switch() -> None:
    inner = replace(BUILD, kind=Internal(), vms=())
    assert powershell(inner) == ["# build", "$switch = Get-CimnetInnerSwitch 'build' 'Private'"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain", "'plain'"),
        ("it's $(rm) `n", "'it''s $(rm) `n'"),
        ("\u2018a\u2019 \u201ab\u201b", "'\u2018\u2018a\u2019\u2019 \u201a\u201ab\u201b\u201b'"),
    ],
)
def test_a_text_of_powershell_ends_at_no_apostrophe_of_any_kind(text: str, said: str) -> None:
    assert powershell_text(text) == said


def test_a_text_of_powershell_holds_no_nul() -> None:
    with pytest.raises(InvalidValue, match="cannot hold a NUL"):
        powershell_text("a\0")


def test_a_name_ends_no_comment_of_powershell() -> None:
    assert powershell(replace(LAB, name="a\r\nRemove-VM *\u2028b"))[0].startswith("# a Remove-VM * b; set inside")


class Govc:
    """The stand-in in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "govc").write_text(_GOVC.replace("PYTHON", sys.executable))
        (folder / "govc").chmod(0o755)

    def apply(self, *networks: HostVmNetwork, **environment: str) -> list[list[str]]:
        """Run the script of these networks; the commands that change something."""
        calls = self.folder / "state.calls"
        calls.write_text("")
        done = subprocess.run(
            ["sh"],
            input=hypervisor_scripts(host(*networks))["vmware.sh"],
            env={"PATH": f"{self.folder}:/usr/bin:/bin", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        told: list[list[str]] = [json.loads(line) for line in calls.read_text().splitlines()]
        assert all(call[:2] == ["https://vc1/sdk", "Data Center"] for call in told)
        return [call[2:] for call in told if not call[2].endswith((".info", "find"))]


@pytest.fixture
def govc(tmp_path: Path) -> Govc:
    return Govc(tmp_path)


def test_a_port_group_is_added_once_and_changed_where_its_vlan_is_another(govc: Govc) -> None:
    lab = replace(LAB, hypervisor=ESX, kind=Bridged(bridge="VLAN 100"))
    added = ["host.portgroup.add", "-host", "srv1", "-vswitch", "vSwitch0", "-vlan", "100", "VLAN 100"]
    assert govc.apply(lab) == [added]
    assert govc.apply(lab) == []
    assert govc.apply(replace(lab, vlan=200)) == [
        ["host.portgroup.change", "-host", "srv1", "-vlan-id", "200", "VLAN 100"]
    ]
    assert govc.apply(replace(lab, vlan=200)) == []


def test_a_port_group_is_on_the_distributed_switch_that_is_named(govc: Govc) -> None:
    lab = replace(LAB, hypervisor=ESX)
    assert govc.apply(lab, DVS="DSwitch") == [["dvs.portgroup.add", "-dvs", "DSwitch", "-vlan", "100", "vlan100"]]
    assert govc.apply(lab, DVS="DSwitch") == [["dvs.portgroup.change", "-vlan", "100", "/dc/network/vlan100"]]


def test_an_inner_network_is_a_switch_without_a_card(govc: Govc) -> None:
    inner = replace(LAB, hypervisor=ESX, name="inner", kind=Internal(), vlan=None)
    assert govc.apply(inner) == [
        ["host.vswitch.add", "-host", "srv1", "inner"],
        ["host.portgroup.add", "-host", "srv1", "-vswitch", "inner", "-vlan", "0", "inner"],
    ]
    assert govc.apply(inner) == []


def test_what_govc_cannot_set_is_said() -> None:
    text = hypervisor_scripts(host(replace(LAB, hypervisor=ESX)))["vmware.sh"]
    assert "# govc sets no traffic shaping; set by hand at most 20 Mbit/s received and 10 Mbit/s sent\n" in text
    assert "# ci: 52:54:00:ab:cd:01, 10.0.100.200\n" in text


def test_a_host_has_a_script_for_each_hypervisor_and_else_none() -> None:
    assert hypervisor_scripts(host()) == {}
    assert hypervisor_scripts(host(LAB, replace(LAB, name="esx", hypervisor=ESX))).keys() == {
        "hyperv.ps1",
        "vmware.sh",
    }
