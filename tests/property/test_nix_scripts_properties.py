"""No text breaks out of a script: each reaches its program as one argument, through sh and through Nix."""

import os
import subprocess
import tempfile
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.application.host_kinds import AddressRange, Bandwidth, Bridge, Bridged, Libvirt, VMware
from cimnet_nornir.application.host_parts import HostContainer, HostContainerNetwork, HostSide, HostVm, HostVmNetwork
from cimnet_nornir.nix.containers import container_settings, docker_script, podman_script
from cimnet_nornir.nix.expressions import expression
from cimnet_nornir.nix.hyperv import powershell_text
from cimnet_nornir.nix.libvirt import libvirt_script, network_xml
from cimnet_nornir.nix.shell import quoted, sh_file
from cimnet_nornir.nix.vmware import vmware_script
from tests.nix_evaluation import evaluated

pytestmark = pytest.mark.slow

HOSTILE = st.text(alphabet="'\"$(){}`\\;&|<>\n\r\t !#*?[]~%a-='.", min_size=1, max_size=10)
ANY = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=10)
TEXTS = HOSTILE | ANY
# What XML can hold besides; a carriage return comes back as a line feed (XML 1.0, 2.11).
IN_XML = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=10)

WEB = HostContainerNetwork(
    name="web",
    runtime="podman",
    driver=Bridge(name="lo"),
    interface="lo",
    vlan=100,
    subnet=IPv4Network("10.0.100.0/24"),
    gateway=IPv4Address("10.0.100.1"),
    range=AddressRange.parse("10.0.100.32-10.0.100.63"),
)
LAB = HostVmNetwork("lab", Libvirt(), Bridged(bridge="br0"), "br0", 100, None, None, Bandwidth())

# Whatever it is asked for it has none of, and nothing it is told fails.
_RECORDER = """#!/bin/sh
for word; do printf '%s\\0' "$word"; done >> "$RECORD"
printf '\\0' >> "$RECORD"
case "$1 $2" in
  'network inspect' | 'container inspect') exit 1 ;;
  'version --format') echo 5.6.0 ;;
esac
"""


def host(network: str, *networks: HostContainerNetwork, vms: tuple[HostVmNetwork, ...] = ()) -> HostSide:
    return HostSide(network, "srv1", (), (), (), container_networks=networks, vm_networks=vms)


def recorded(script: str) -> list[list[bytes]]:
    """Run a script by sh in an empty folder, which it leaves empty; what podman, docker, govc were told."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "bin").mkdir()
        (folder / "empty").mkdir()
        for name in ("podman", "docker", "govc", "virsh"):
            (folder / "bin" / name).write_text(_RECORDER)
            (folder / "bin" / name).chmod(0o755)
        (folder / "record").touch()
        environment = {"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "RECORD": str(folder / "record")}
        done = subprocess.run(
            ["sh"], input=script.encode(), env=environment, cwd=folder / "empty", capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert os.listdir(folder / "empty") == []  # noqa: PTH208 - names are all that is asked
        calls = (folder / "record").read_bytes().split(b"\0\0")
        return [call.split(b"\0") for call in calls if call]


@given(st.lists(TEXTS, min_size=1, max_size=60))
@settings(max_examples=20, deadline=None)
def test_a_quoted_text_is_one_word_of_sh(texts: list[str]) -> None:
    script = sh_file([(f"printf '%s\\0' {quoted(text)}",) for text in texts])
    done = subprocess.run(["sh"], input=script.encode(), capture_output=True, check=True)
    assert done.stdout.decode() == "".join(f"{text}\0" for text in texts)


@given(network=TEXTS, name=TEXTS, container=TEXTS, image=TEXTS, guest=TEXTS)
@settings(max_examples=25, deadline=None)
def test_hostile_names_reach_the_runtime_as_they_are(
    network: str, name: str, container: str, image: str, guest: str
) -> None:
    started = HostContainer(container, IPv4Address("10.0.100.40"), "02:00:00:00:00:28", image)
    named = HostContainer(guest, IPv4Address("10.0.100.41"), "02:00:00:00:00:29")
    web = replace(WEB, name=name, containers=(started, named))
    for side, script in (
        (host(network, web), podman_script),
        (host(network, replace(web, runtime="docker")), docker_script),
    ):
        text = script(side)
        assert subprocess.run(["sh", "-n"], input=text.encode(), capture_output=True, check=False).returncode == 0
        calls = recorded(text)
        (created,) = [call for call in calls if call[:2] == [b"network", b"create"]]
        assert created[-2:] == [b"--", name.encode()]
        assert f"--label=cimnet.network={network}".encode() in created
        (run,) = [call for call in calls if call[0] == b"run"]
        assert run[-2:] == [b"--", image.encode()]
        assert {f"--name={container}".encode(), f"--network={name}".encode()} <= {*run}


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=10, max_size=20))
@settings(max_examples=5, deadline=None)
def test_hostile_names_come_back_from_nix_as_sh_reads_them(names: list[tuple[str, str]]) -> None:
    networks = [replace(WEB, name=f"{number}{name}") for number, (name, _) in enumerate(names)]
    sides = [host(name, network) for network, (_, name) in zip(networks, names, strict=True)]
    services = [container_settings(side)["systemd.services"] for side in sides]
    found = evaluated(f'let pkgs = {{ podman = "/p"; }}; in {expression(services)}')
    for side, units in zip(sides, found, strict=True):
        (unit,) = units.values()
        # The same lines as in the script of another Linux, where the programs have no path.
        calls = unit["script"].split(". /etc/cimnet/podman-networks.sh\n")[1].rstrip("\n")
        assert calls.lstrip("\n") in podman_script(side)
        assert unit["script"].startswith("runtime=/p/bin/podman\n")


@given(name=IN_XML, network=IN_XML, bridge=IN_XML, vm=IN_XML)
@settings(max_examples=40, deadline=None)
def test_hostile_names_come_back_from_the_xml(name: str, network: str, bridge: str, vm: str) -> None:
    machines = (HostVm(vm, "52:54:00:00:00:01"),)
    lab = replace(LAB, name=name, bridge=bridge, vms=machines)
    root = ET.fromstring(network_xml(host(network, vms=(lab,)), lab))
    found = root.find("bridge")
    assert root.findtext("name") == name
    assert found is not None
    assert found.get("name") == bridge
    script = libvirt_script(host(network, vms=(lab,)))
    assert subprocess.run(["sh", "-n"], input=script.encode(), capture_output=True, check=False).returncode == 0
    calls = recorded(script)
    assert [b"net-start", b"--network", name.encode()] in calls


@given(
    bridge=TEXTS.filter(lambda text: text.isprintable() and text.strip() == text),
    vcenter=st.text(alphabet="'\"$`\\ab", min_size=1),
)
@settings(max_examples=15, deadline=None)
def test_hostile_names_reach_govc_as_they_are(bridge: str, vcenter: str) -> None:
    esx = VMware(vcenter=vcenter, datacenter="dc")
    lab = replace(LAB, hypervisor=esx, kind=Bridged(bridge=bridge))
    calls = recorded(vmware_script(host("campus", vms=(lab,))))
    (added,) = [call for call in calls if call[0] == b"host.portgroup.add"]
    assert added[-1] == bridge.encode()


@given(TEXTS | st.text(alphabet="'\u2018\u2019\u201a\u201ba$`", min_size=1))
def test_a_text_of_powershell_is_read_back(text: str) -> None:
    assert _powershell(powershell_text(text)) == text


def _powershell(said: str) -> str:
    """What PowerShell makes of a text in apostrophes (about_Quoting_Rules): two, of whatever kind, are one of them."""
    quotes = "'\u2018\u2019\u201a\u201b"
    assert said[0] in quotes
    found, place = "", 1
    while said[place] not in quotes or said[place + 1 : place + 2] in tuple(quotes):
        found += said[place]
        place += 2 if said[place] in quotes else 1
    assert place == len(said) - 1
    return found
