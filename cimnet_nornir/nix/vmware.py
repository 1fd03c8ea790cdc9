"""A script for the port groups of an ESXi server that a vCenter manages, by govc; no NixOS runs there.

Commands as in github.com/vmware/govmomi, govc/USAGE.md. Run again, it changes nothing that is as it should be.
"""

import re
from collections.abc import Iterator, Sequence

from cimnet_nornir.application.host_kinds import Bridged, VMware
from cimnet_nornir.application.host_parts import HostSide, HostVm, HostVmNetwork
from cimnet_nornir.nix.shell import Line, call, comment, lines, quoted, sh_file

_HEAD = """\
# GOVC_USERNAME and GOVC_PASSWORD are yours to set. The port groups are on the standard switch VSWITCH (vSwitch0) of the
# host, or where DVS is set on that distributed switch of the data centre.
set -eu
VSWITCH=${VSWITCH:-vSwitch0}
DVS=${DVS:-}

# govc prints "Name:    vlan100", "VLAN ID: 100" and more of each port group.
standard() { # SWITCH NAME VLAN
  have=$(govc host.portgroup.info -host "$host" |
    name=$2 awk '/^Name: / {sub(/^Name: */, ""); found = ($0 "" == ENVIRON["name"] "")}
      found && /^VLAN ID: / {print $3; exit}')
  if [ -z "$have" ]; then govc host.portgroup.add -host "$host" -vswitch "$1" -vlan "$3" "$2"
  elif [ "$have" != "$3" ]; then govc host.portgroup.change -host "$host" -vlan-id "$3" "$2"
  fi
}

distributed() { # NAME PATTERN VLAN
  have=$(govc find / -type g -name "$2")
  if [ -z "$have" ]; then govc dvs.portgroup.add -dvs "$DVS" -vlan "$3" "$1"
  else govc dvs.portgroup.change -vlan "$3" "$have"
  fi
}

port_group() { # NAME PATTERN VLAN
  if [ -n "$DVS" ]; then distributed "$1" "$2" "$3"; else standard "$VSWITCH" "$1" "$3"; fi
}

inner() { # NAME: a switch without a network card, and a port group on it
  govc host.vswitch.info -host "$host" | sed -n 's/^Name: *//p' | grep -Fxq -- "$1" ||
    govc host.vswitch.add -host "$host" "$1"
  standard "$1" "$1" 0
}
"""


def vmware_networks(host: HostSide) -> Sequence[HostVmNetwork]:
    """The networks of a host that are VMware's."""
    return [each for each in host.vm_networks if isinstance(each.hypervisor, VMware)]


def vmware_script(host: HostSide) -> str:
    """The script; a vCenter after another, where the networks name several."""
    return sh_file(_script(host))


def _script(host: HostSide) -> Iterator[Line]:
    yield (comment(f"The port groups of {host.name} in {host.network}."),)
    yield from lines(_HEAD)
    yield (f"host={quoted(host.name)}",)
    for network in vmware_networks(host):
        if not isinstance(network.hypervisor, VMware):
            continue
        yield ("",)
        yield (comment(network.name),)
        yield from ((comment(_says(vm)),) for vm in network.vms)
        yield from _limits(network)
        yield (f"export GOVC_URL={quoted(network.hypervisor.vcenter)}",)
        yield (f"export GOVC_DATACENTER={quoted(network.hypervisor.datacenter)}",)
        if isinstance(network.kind, Bridged):
            name = network.kind.bridge or network.name
            yield from call(("port_group", name, _pattern(name), str(network.vlan or 0)))
        else:
            yield from call(("inner", network.name))


def _says(vm: HostVm) -> str:
    address = f", {vm.address}" if vm.address is not None else ""
    return f"{vm.name}: {vm.mac}{address}"


def _limits(network: HostVmNetwork) -> Iterator[Line]:
    asked = (network.bandwidth.inbound_mbps, network.bandwidth.outbound_mbps)
    ways = zip(asked, ("received", "sent"), strict=True)
    words = [f"{value} Mbit/s {way}" for value, way in ways if value is not None]
    if words:
        yield (comment(f"govc sets no traffic shaping; set by hand at most {' and '.join(words)}"),)


def _pattern(name: str) -> str:
    """A name as `govc find -name` matches it and no other (Go, path.Match)."""
    return re.sub(r"([\\*?\[])", r"\\\1", name)
