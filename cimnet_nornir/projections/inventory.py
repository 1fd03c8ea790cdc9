"""A network as an inventory: hosts with their groups and facts, before any automation framework is named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import format_vlan_list
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import DeviceKind

Fact = str | int | bool | list[str] | dict[str, str]


@dataclass(frozen=True, slots=True)
class HostView:
    """One host: `name` is the host name, `groups` are `key__value` names, `facts` what a runbook filters by.

    `management` is the address it is reached at, `host_key` the SSH host key pinned for the environment asked about.
    """

    name: str
    device: str
    platform: str
    management: str | None
    groups: tuple[str, ...]
    facts: Mapping[str, Fact]
    host_key: str | None

    @property
    def is_server(self) -> bool:
        """Whether it carries containers or virtual machines, and runs no IOS."""
        return self.facts["kind"] == DeviceKind.HOST


def hosts_of(network: Network, environment: str) -> tuple[HostView, ...]:
    """The hosts of a network as an environment knows them, in the order of their names."""
    devices = sorted(network.devices.values(), key=lambda device: device.name)
    links = links_by_device(network)
    return tuple(host_of(network, device, links.get(device.id, ()), environment) for device in devices)


def links_by_device(network: Network) -> dict[str, list[Link]]:
    """The links that end at each device, in the order of their ends."""
    found: dict[str, list[Link]] = {}
    for link in sorted(network.links):
        for device in dict.fromkeys((link.a[0], link.b[0])):
            found.setdefault(device, []).append(link)
    return found


def host_of(network: Network, device: Device, links: Iterable[Link], environment: str) -> HostView:
    """One device with the links that end at it as a host."""
    details = device.details
    return HostView(
        name=device.name,
        device=device.id,
        platform=details.platform,
        management=str(details.management) if details.management else None,
        groups=_groups(device),
        facts=_facts(network, device, links),
        host_key=device.host_keys.get(environment),
    )


def _groups(device: Device) -> tuple[str, ...]:
    details = device.details
    pairs = (
        ("kind", device.kind.value),
        ("role", details.role),
        ("site", details.site),
        ("platform", details.platform),
    )
    return tuple(f"{key}__{value}" for key, value in pairs if value)


def _facts(network: Network, device: Device, links: Iterable[Link]) -> dict[str, Fact]:
    details = device.details
    return {
        "id": device.id,
        "network": network.name,
        "kind": device.kind.value,
        "vendor": details.vendor,
        "platform": details.platform,
        "model": details.model,
        "role": details.role,
        "site": details.site,
        "management": str(details.management) if details.management else "",
        "routing": device.routes_packets,
        "default_route": device.has_default_route,
        "ports": len(device.ports),
        "vlans": format_vlan_list(device.vlans),
        "neighbours": _neighbours(network, device, links),
    }


def _neighbours(network: Network, device: Device, links: Iterable[Link]) -> dict[str, str]:
    """Port to "HOST PORT" at the other end of its cable."""
    ends = {}
    for link in links:
        port = link.a[1] if link.a[0] == device.id else link.b[1]
        other, other_port = link.other_end(device.id, port)
        name = network.devices[other].name if other in network.devices else other
        ends[port] = f"{name} {other_port}"
    return ends
