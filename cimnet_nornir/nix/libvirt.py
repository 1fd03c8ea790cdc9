"""Networks of libvirt: their XML (libvirt.org/formatnetwork.html), and what defines and starts them.

NixOS has no options for them: each network has a oneshot unit, and other systems run the same lines as a script.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from cimnet_nornir.application.host_kinds import Bandwidth, Bridged, Libvirt, Nat
from cimnet_nornir.application.host_parts import HostSide, HostVmNetwork
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.nix.expressions import Code, Value
from cimnet_nornir.nix.shell import Line, Program, block, comment, lines, quoted, sh_file
from cimnet_nornir.nix.units import oneshot, unit_name

_PROGRAM: Program = (Code("pkgs.libvirt"), "/bin/virsh")
_LONGEST_NAME = 15
_NAMESPACE = "https://cimnet.example/libvirt"
# dnsmasq hands the name out with the address; libvirt takes one that begins with a letter.
_HOST_NAME = re.compile(r"[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
# XML 1.0 has no way to write these (production [2], Char).
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# libvirt counts bandwidth in KiB/s (1024 bytes), the domain in Mbit/s.
_BYTES_OF_MEGABIT, _KIBIBYTE = 125_000, 1024

_FUNCTIONS = """
is_as_wanted() { "$virsh" net-dumpxml "$@" --network "$name" 2>/dev/null | grep -Fq -- "$wanted"; }

is_active() { "$virsh" net-list --name | grep -Fxq -- "$name"; }

# Machines that are connected to a network lose it when it is destroyed: then it is left until they are gone.
is_in_use() { "$virsh" net-dumpxml --network "$name" | grep -q "^<network.* connections="; }

network() { # of that name and XML: it is there, and runs
  if ! is_as_wanted --inactive; then xml | "$virsh" net-define --file /dev/stdin; fi
  "$virsh" net-autostart --network "$name" >/dev/null
  if is_active && ! is_as_wanted; then
    if is_in_use; then
      printf 'cimnet: machines use %s as it was; it is the new one when it is started again\\n' "$name" >&2
    else
      "$virsh" net-destroy --network "$name"
    fi
  fi
  if ! is_active; then "$virsh" net-start --network "$name"; fi
}

gone() { # the network of that name goes, unless machines use it
  if is_active; then
    if is_in_use; then return 0; fi
    "$virsh" net-destroy --network "$name"
  fi
  "$virsh" net-undefine --network "$name"
}
"""

_PRUNE = """
# What was wanted once: it goes where no machine uses it.
"$virsh" net-list --all --name | while IFS= read -r name; do
  if [ -z "$name" ]; then continue; fi
  case $networks in *"
$name
"*) continue ;; esac
  if "$virsh" net-dumpxml --network "$name" | grep -Fq -- "$owner"; then gone; fi
done
"""

_FUNCTIONS_FILE = "cimnet/libvirt-networks.sh"


def libvirt_settings(host: HostSide) -> dict[str, Value]:
    """By option path what the libvirt networks of a server need; empty where it has none."""
    networks = _networks(host)
    if not networks:
        return {}
    services: dict[str, Value] = {
        unit_name("cimnet-libvirt-network", each.name): _unit(host, each) for each in networks
    }
    functions: Value = {_FUNCTIONS_FILE: {"text": block(lines(_FUNCTIONS))}}
    return {"virtualisation.libvirtd.enable": True, "environment.etc": functions, "systemd.services": services}


def libvirt_script(host: HostSide) -> str:
    """The same as a script for a host without NixOS; run again, it changes nothing."""
    head = comment(f"The libvirt networks of {host.name} in {host.network}.")
    script: list[Line] = [(head,), ("set -eu",), ("virsh=virsh",), *lines(_FUNCTIONS)]
    for uri in dict.fromkeys(_uri(network) for network in _networks(host)):
        networks = [network for network in _networks(host) if _uri(network) == uri]
        for network in networks:
            script += [("",), *_place(network), *_network(host, network)]
        names = "".join(f"\n{network.name}" for network in networks)
        script += [("",), (f"networks={quoted(names + chr(10))}",), (f"owner={quoted(_owner(host))}",), *lines(_PRUNE)]
    return sh_file(script)


def network_xml(host: HostSide, network: HostVmNetwork) -> str:
    """A network as libvirt takes it. Raises InvalidValue for a text that XML cannot hold.

    It has a digest of itself in its metadata, by which a change of it is seen.
    """
    ET.register_namespace("cimnet", _NAMESPACE)
    root = _tree(host, network)
    metadata = ET.Element("metadata")
    ET.SubElement(metadata, f"{{{_NAMESPACE}}}network", digest=_digest(root), owner=_owner(host))
    root.insert(2, metadata)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def _tree(host: HostSide, network: HostVmNetwork) -> ET.Element:
    root = ET.Element("network")
    ET.SubElement(root, "name").text = _in_xml(network.name)
    ET.SubElement(root, "uuid").text = str(uuid5(NAMESPACE_URL, "\0".join((host.network, host.name, network.name))))
    if isinstance(network.kind, Bridged):
        ET.SubElement(root, "forward", mode="bridge")
        ET.SubElement(root, "bridge", name=_in_xml(network.bridge or ""))
    else:
        _own_bridge(root, network)
    _bandwidth(root, network.bandwidth)
    return root


def _owner(host: HostSide) -> str:
    """What all libvirt networks that are of this definition have in them, and no others."""
    return sha256(host.network.encode()).hexdigest()


def _digest(root: ET.Element) -> str:
    return sha256(ET.tostring(root)).hexdigest()


def nat_bridge(name: str) -> str:
    """The bridge that libvirt makes for a network behind the host: `virbr-<name>`, or a digest where that is long."""
    whole = f"virbr-{name}"
    if len(whole) <= _LONGEST_NAME and re.fullmatch(r"[A-Za-z0-9_.-]+", name):
        return whole
    return f"virbr-{sha256(name.encode()).hexdigest()}"[:_LONGEST_NAME]


def _networks(host: HostSide) -> Sequence[HostVmNetwork]:
    return [each for each in host.vm_networks if isinstance(each.hypervisor, Libvirt)]


def _own_bridge(root: ET.Element, network: HostVmNetwork) -> None:
    """Behind the host by its address, or with nothing but one another: then the host has no address in it either."""
    kind = network.kind
    if isinstance(kind, Nat):
        ET.SubElement(root, "forward", mode="nat")
    ET.SubElement(root, "bridge", name=nat_bridge(network.name), stp="on", delay="0")
    if not isinstance(kind, Nat) or network.gateway is None:
        return
    ip = ET.SubElement(root, "ip", address=str(network.gateway), prefix=str(kind.subnet.prefixlen))
    known = [vm for vm in network.vms if vm.address is not None]
    if kind.dhcp is None and not known:
        return
    dhcp = ET.SubElement(ip, "dhcp")
    if kind.dhcp is not None:
        ET.SubElement(dhcp, "range", start=str(kind.dhcp.first), end=str(kind.dhcp.last))
    for vm in known:
        name = {"name": vm.name} if _HOST_NAME.fullmatch(vm.name) else {}
        ET.SubElement(dhcp, "host", {"mac": vm.mac, **name, "ip": str(vm.address)})


def _bandwidth(root: ET.Element, bandwidth: Bandwidth) -> None:
    """The most of each machine: by a port group that all are in, for a network's own is of all of them together."""
    asked = {"inbound": bandwidth.inbound_mbps, "outbound": bandwidth.outbound_mbps}
    if all(value is None for value in asked.values()):
        return
    limits = ET.SubElement(ET.SubElement(root, "portgroup", name="machines", default="yes"), "bandwidth")
    for direction, value in asked.items():
        if value is not None:
            ET.SubElement(limits, direction, average=str(value * _BYTES_OF_MEGABIT // _KIBIBYTE))


def _in_xml(text: str) -> str:
    if _NOT_IN_XML.search(text):
        raise InvalidValue("XML cannot hold a control character", subject="text")
    return text


def _unit(host: HostSide, network: HostVmNetwork) -> Value:
    service = oneshot(f"Libvirt network {network.name}", after=("libvirtd.service",))
    head: tuple[Line, ...] = (("virsh=", *_PROGRAM), (f". /etc/{_FUNCTIONS_FILE}",), *_place(network))
    script = (*head, *_network(host, network))
    # Machines that libvirt-guests starts again find their network, and leave it before it goes.
    guests: dict[str, Value] = {"before": ("libvirt-guests.service",)}
    return {**service, **guests, "script": block(script), "preStop": block((*head, ("gone || true",)))}


def _uri(network: HostVmNetwork) -> str:
    return network.hypervisor.uri if isinstance(network.hypervisor, Libvirt) else ""


def _place(network: HostVmNetwork) -> Iterator[Line]:
    yield (f"export LIBVIRT_DEFAULT_URI={quoted(_uri(network))}",)
    yield (f"name={quoted(network.name)}",)


def _network(host: HostSide, network: HostVmNetwork) -> Iterator[Line]:
    xml = network_xml(host, network)
    yield (f"wanted={_digest(_tree(host, network))}",)
    yield from (
        (comment(f"{vm.name}: {vm.mac}" + (f", {vm.address}" if vm.address is not None else "")),) for vm in network.vms
    )
    yield ("xml() {",)
    yield ("  printf '%s\\n' \\",)
    text = [quoted(line) for line in xml.split("\n")]
    yield from ((f"    {line} \\",) for line in text[:-1])
    yield (f"    {text[-1]}",)
    yield ("}",)
    yield ("network",)
