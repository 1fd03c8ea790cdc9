"""Which `show` commands there are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.show import (
    channels,
    configuration,
    counters,
    interfaces,
    load,
    neighbors,
    routing,
    snmp,
    spanningtree,
    system,
    vlans,
)

if TYPE_CHECKING:
    from cimnet_nornir.lab.command import Request

PRIVILEGED: Final = 15


@dataclass(frozen=True, slots=True)
class Show:
    """A pattern behind `show`, what prints it, the privilege level and the features it needs."""

    pattern: str
    run: "Callable[[Request], Outcome]"
    level: int = 1
    needs: str = ""


SHOW: Final = (
    Show("running-config [all]", configuration.running, PRIVILEGED),
    Show("running-config interface <name:interface>", configuration.running_interface, PRIVILEGED),
    Show("startup-config", configuration.startup, PRIVILEGED),
    Show("configuration", configuration.startup, PRIVILEGED),
    Show("version", system.version),
    Show("inventory", system.inventory),
    Show("clock", system.clock),
    Show("privilege", system.privilege),
    Show("users", system.users),
    Show("hosts", system.hosts),
    Show("processes cpu", load.processes_cpu),
    Show("processes cpu sorted [{over: 5sec|1min|5min}]", load.processes_cpu_sorted),
    Show("processes memory [sorted]", load.processes_memory),
    Show("memory statistics", load.memory_statistics),
    Show("platform resources", load.platform_resources, needs="iosxe"),
    Show("logging", system.logging),
    Show("ntp associations", system.ntp_associations),
    Show("snmp user [<user:word>]", snmp.users, PRIVILEGED),
    Show("ip ssh", system.ssh),
    Show("interfaces [<name:interface>]", interfaces.interfaces),
    Show("interfaces status", interfaces.status, needs="switching"),
    Show("interfaces description", interfaces.description),
    Show("interfaces summary", counters.summary),
    Show("interfaces counters", counters.counters, needs="switching"),
    Show("interfaces counters errors", counters.errors, needs="switching"),
    Show("interfaces trunk", interfaces.trunk, needs="switching"),
    Show("interfaces [<name:interface>] switchport", interfaces.switchport, needs="switching"),
    Show("ip interface brief", interfaces.ip_brief),
    Show("ip interface [<name:interface>]", interfaces.ip_interfaces),
    Show("etherchannel summary", channels.summary, needs="switching"),
    Show("vlan", vlans.full, needs="switching"),
    Show("vlan brief", vlans.brief, needs="switching"),
    Show("vlan id <vlan:1-4094>", vlans.one, needs="switching"),
    Show("vlan name <name:word>", vlans.one, needs="switching"),
    Show("vtp status", vlans.vtp, needs="switching"),
    Show("spanning-tree", spanningtree.spanning_tree, needs="switching"),
    Show("spanning-tree vlan <vlan:1-4094>", spanningtree.spanning_tree, needs="switching"),
    Show("cdp neighbors [<name:interface>]", neighbors.cdp),
    Show("cdp neighbors [<name:interface>] detail", neighbors.cdp_detail),
    Show("lldp neighbors [<name:interface>]", neighbors.lldp),
    Show("lldp neighbors [<name:interface>] detail", neighbors.lldp_detail),
    Show("ip route [{kind: connected|static|ospf|local}]", routing.routes),
    Show("ip protocols", routing.protocols, needs="routing"),
    Show("ip ospf", routing.ospf, needs="routing"),
    Show("ip ospf neighbor", routing.ospf_neighbours, needs="routing"),
    Show("ip ospf interface brief", routing.ospf_interfaces, needs="routing"),
    Show("{ip access-lists|access-lists} [<list:word>]", routing.access_lists),
    Show("{ip arp|arp}", routing.arp),
)
