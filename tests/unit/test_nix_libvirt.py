"""Libvirt networks: their XML, and the lines that define and start them, run against a stand-in for virsh."""

import json
import re
import subprocess
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cimnet_nornir.application.host_kinds import AddressRange, Bandwidth, Bridged, HyperV, Internal, Libvirt, Nat
from cimnet_nornir.application.host_parts import HostSide, HostVm, HostVmNetwork
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.nix.hypervisors import hypervisor_scripts
from cimnet_nornir.nix.libvirt import libvirt_script, libvirt_settings, nat_bridge, network_xml

SUBNET = IPv4Network("192.168.122.0/24")
BUILD = HostVmNetwork(
    name="build",
    hypervisor=Libvirt(),
    kind=Nat(subnet=SUBNET, dhcp=AddressRange.parse("192.168.122.100-192.168.122.199")),
    bridge=None,
    vlan=None,
    subnet=SUBNET,
    gateway=IPv4Address("192.168.122.1"),
    bandwidth=Bandwidth(inbound_mbps=1000, outbound_mbps=500),
    vms=(
        HostVm("runner1", "52:54:00:00:00:01", IPv4Address("192.168.122.10")),
        HostVm("runner2", "52:54:00:00:00:02"),
        HostVm("3rd_runner", "52:54:00:00:00:03", IPv4Address("192.168.122.11")),
    ),
)
LAB = replace(
    BUILD, name="lab", kind=Bridged(bridge="br-vlan100"), bridge="br-vlan100", vlan=100, bandwidth=Bandwidth()
)

# A virsh that keeps the XML of networks in files, and says what a real one does of them.
_VIRSH = r"""#!/bin/sh
cd "$(dirname "$0")/../networks" || exit 1
printf '%s\n' "$*" >> ../calls
for word; do last=$word; done
case $1 in
  net-dumpxml)
    if [ "$2" = --inactive ]; then cat "$last.defined"; exit; fi
    if [ ! -e "$last.active" ]; then cat "$last.defined"; exit; fi
    used=; if [ -e "$last.in-use" ]; then used=" connections='1'"; fi
    sed "1s/<network/<network$used/" "$last.active"
    ;;
  net-define) cat > new; name=$(sed -n 's:.*<name>\(.*\)</name>.*:\1:p' new); mv new "$name.defined" ;;
  net-list)
    kind=active; if [ "$2" = --all ]; then kind=defined; fi
    for each in *.$kind; do if [ -e "$each" ]; then echo "${each%.$kind}"; fi; done
    echo
    ;;
  net-undefine) rm "$last.defined" ;;
  net-autostart) ;;
  net-start) cp "$last.defined" "$last.active" ;;
  net-destroy) rm "$last.active" ;;
  *) exit 1 ;;
esac
"""


def host(*networks: HostVmNetwork) -> HostSide:
    return HostSide("campus", "srv1", (), (), (), vm_networks=networks)


def xml(network: HostVmNetwork) -> ET.Element:
    return ET.fromstring(network_xml(host(network), network))


def attributes(root: ET.Element, path: str) -> list[dict[str, str]]:
    return [dict(element.attrib) for element in root.findall(path)]


def test_a_network_behind_the_host_has_its_addresses_and_those_of_machines_that_are_known() -> None:
    root = xml(BUILD)
    assert root.findtext("name") == "build"
    assert attributes(root, "forward") == [{"mode": "nat"}]
    assert attributes(root, "bridge") == [{"name": "virbr-build", "stp": "on", "delay": "0"}]
    assert attributes(root, "ip") == [{"address": "192.168.122.1", "prefix": "24"}]
    assert attributes(root, "ip/dhcp/range") == [{"start": "192.168.122.100", "end": "192.168.122.199"}]
    assert attributes(root, "ip/dhcp/host") == [
        {"mac": "52:54:00:00:00:01", "name": "runner1", "ip": "192.168.122.10"},
        # "3rd_runner" is no host name that DNS or libvirt takes.
        {"mac": "52:54:00:00:00:03", "ip": "192.168.122.11"},
    ]


def test_bandwidth_is_each_machines_in_kibibytes_a_second() -> None:
    root = xml(BUILD)
    assert attributes(root, "portgroup") == [{"name": "machines", "default": "yes"}]
    # 1000 Mbit/s are 125,000,000 bytes a second, and those 122,070.3 times 1024.
    assert attributes(root, "portgroup/bandwidth/inbound") == [{"average": "122070"}]
    assert attributes(root, "portgroup/bandwidth/outbound") == [{"average": "61035"}]
    assert xml(LAB).find("portgroup") is None


def test_a_bridged_network_is_the_hosts_bridge_and_has_no_address() -> None:
    root = xml(LAB)
    assert attributes(root, "forward") == [{"mode": "bridge"}]
    assert attributes(root, "bridge") == [{"name": "br-vlan100"}]
    assert root.find("ip") is None


def test_an_inner_network_leads_nowhere_and_the_host_has_no_address_in_it() -> None:
    inner = replace(BUILD, kind=Internal(subnet=SUBNET), gateway=None)
    root = xml(inner)
    assert root.find("forward") is None
    assert root.find("ip") is None
    assert attributes(root, "bridge") == [{"name": "virbr-build", "stp": "on", "delay": "0"}]


def test_machines_are_known_without_a_range_and_without_both_there_is_no_dhcp() -> None:
    fixed = replace(BUILD, kind=Nat(subnet=SUBNET))
    assert len(attributes(xml(fixed), "ip/dhcp/host")) == 2
    assert xml(fixed).find("ip/dhcp/range") is None
    assert xml(replace(fixed, vms=())).find("ip/dhcp") is None


def test_a_network_keeps_its_uuid_and_no_other_has_it() -> None:
    moved = replace(BUILD, gateway=IPv4Address("192.168.122.254"))
    assert xml(moved).findtext("uuid") == xml(BUILD).findtext("uuid")
    assert xml(replace(BUILD, name="other")).findtext("uuid") != xml(BUILD).findtext("uuid")


@pytest.mark.parametrize("name", ["build", "lab-2.x_y", "a-name-that-is-long", "ünïcode", "a/b"])
def test_a_bridge_that_libvirt_makes_has_a_name_that_linux_takes(name: str) -> None:
    assert re.fullmatch(r"virbr-[A-Za-z0-9_.-]{1,9}", nat_bridge(name))
    assert nat_bridge(name) != nat_bridge(f"{name}x")


def test_a_text_that_xml_has_no_way_to_write_is_refused() -> None:
    with pytest.raises(InvalidValue, match="XML cannot hold a control character"):
        network_xml(host(), replace(BUILD, name="a\x1bb"))


def test_a_unit_follows_the_daemon() -> None:
    settings = libvirt_settings(host(BUILD, replace(LAB, hypervisor=HyperV(host="hv1"))))
    assert settings["virtualisation.libvirtd.enable"] is True
    services = settings["systemd.services"]
    assert isinstance(services, dict)
    assert services.keys() == {"cimnet-libvirt-network-build"}
    unit = services["cimnet-libvirt-network-build"]
    assert unit["requires"] == ("libvirtd.service",)
    assert unit["after"][-1] == "libvirtd.service"
    assert libvirt_settings(host()) == {}


class Virsh:
    """The stand-in in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "networks").mkdir()
        (folder / "bin" / "virsh").write_text(_VIRSH)
        (folder / "bin" / "virsh").chmod(0o755)

    def apply(self, script: str) -> tuple[list[str], str]:
        """Run a script; the commands that change something, and what it says beside them."""
        (self.folder / "calls").write_text("")
        environment = {"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin"}
        done = subprocess.run(["sh"], input=script, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        calls = [line.split()[0] for line in (self.folder / "calls").read_text().splitlines()]
        return [call for call in calls if call not in ("net-dumpxml", "net-list", "net-autostart")], done.stderr

    def active(self, name: str) -> str:
        return (self.folder / "networks" / f"{name}.active").read_text()


@pytest.fixture
def virsh(tmp_path: Path) -> Virsh:
    return Virsh(tmp_path)


def test_networks_are_defined_and_started_once(virsh: Virsh) -> None:
    script = libvirt_script(host(BUILD, LAB))
    assert virsh.apply(script) == (["net-define", "net-start"] * 2, "")
    assert virsh.active("build") == network_xml(host(BUILD), BUILD) + "\n"
    assert virsh.active("lab") == network_xml(host(LAB), LAB) + "\n"
    assert virsh.apply(script) == ([], "")


def test_a_network_that_is_another_now_is_defined_and_started_again(virsh: Virsh) -> None:
    virsh.apply(libvirt_script(host(BUILD)))
    moved = replace(BUILD, gateway=IPv4Address("192.168.122.254"))
    assert virsh.apply(libvirt_script(host(moved))) == (["net-define", "net-destroy", "net-start"], "")
    assert "192.168.122.254" in virsh.active("build")


def test_a_network_with_machines_in_it_is_left_running_until_they_are_gone(virsh: Virsh) -> None:
    virsh.apply(libvirt_script(host(BUILD)))
    (virsh.folder / "networks" / "build.in-use").touch()
    script = libvirt_script(host(replace(BUILD, gateway=IPv4Address("192.168.122.254"))))
    said = "cimnet: machines use build as it was; it is the new one when it is started again\n"
    assert virsh.apply(script) == (["net-define"], said)
    assert virsh.apply(script) == ([], said)
    (virsh.folder / "networks" / "build.in-use").unlink()
    assert virsh.apply(script) == (["net-destroy", "net-start"], "")


def test_a_network_that_is_wanted_no_more_goes_and_others_stay(virsh: Virsh) -> None:
    virsh.apply(libvirt_script(host(BUILD, LAB)))
    (virsh.folder / "networks" / "theirs.defined").write_text("<network><name>theirs</name></network>\n")
    (virsh.folder / "networks" / "lab.in-use").touch()
    assert virsh.apply(libvirt_script(host(BUILD))) == ([], "")
    (virsh.folder / "networks" / "lab.in-use").unlink()
    assert virsh.apply(libvirt_script(host(BUILD))) == (["net-destroy", "net-undefine"], "")
    assert {path.name for path in (virsh.folder / "networks").glob("*.defined")} == {"build.defined", "theirs.defined"}


def test_a_unit_takes_its_network_away_when_it_stops_unless_machines_use_it(virsh: Virsh) -> None:
    script = libvirt_script(host(BUILD))
    virsh.apply(script)
    services = libvirt_settings(host(BUILD))["systemd.services"]
    assert isinstance(services, dict)
    stop = "".join(str(part) for part in services["cimnet-libvirt-network-build"]["preStop"].lines[-1])
    functions = script.partition("\nexport ")[0]
    stopped = f"{functions}\nname=build\n{stop}\n"
    (virsh.folder / "networks" / "build.in-use").touch()
    assert virsh.apply(stopped) == ([], "")
    (virsh.folder / "networks" / "build.in-use").unlink()
    assert virsh.apply(stopped) == (["net-destroy", "net-undefine"], "")


def test_the_unit_and_the_script_of_another_linux_run_the_same_lines() -> None:
    services = libvirt_settings(host(BUILD))["systemd.services"]
    assert isinstance(services, dict)
    unit = ["".join(map(str, line)) for line in services["cimnet-libvirt-network-build"]["script"].lines]
    assert "\n".join(unit[2:]) in hypervisor_scripts(host(BUILD))["libvirt.sh"]
    assert json.dumps(unit[1]) == '". /etc/cimnet/libvirt-networks.sh"'
