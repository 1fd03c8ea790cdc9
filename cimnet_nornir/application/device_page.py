"""All that one device's page tells, as plain values: its state, ports, VLANs and routing, declared and observed."""

from collections.abc import Iterator
from datetime import datetime

from cimnet_nornir.application.cabling_of import network_cabling, of_devices
from cimnet_nornir.application.describe import describe, route_words
from cimnet_nornir.application.device_ports import PortView, Seen, port_views
from cimnet_nornir.application.device_status import device_statuses, moment_of
from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.application.observing import PORTS, ports_of, subject_of
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.layer2 import Framing, carrying_ports, framing
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import DeviceNotFound


class VlanOnDevice(Value):
    """A VLAN of a switch, with the ports that carry it, as they are declared."""

    vlan: int
    name: str | None
    tagged: tuple[str, ...] = ()
    untagged: tuple[str, ...] = ()


class DevicePage(Value):
    """A device now or as of a moment; `observed` is when its ports were looked at last, None where nobody did."""

    status: DeviceStatus
    observed: datetime | None
    ports: tuple[PortView, ...]
    vlans: tuple[VlanOnDevice, ...]
    routing: tuple[str, ...]
    """Routing processes, static routes, access lists and port-channels, each in words."""


def device_page(service: NetworkService, name: str, at: int | None = None) -> DevicePage:
    """What is known of one device, by its host name or id. Raises DeviceNotFound."""
    status = _status_of(service, name, at)
    # Only the past needs the whole network for one device; of the present one is read.
    network = service.outline() if at is None else service.network(at)
    device = network.devices[status.device]
    subject = subject_of(service.environment, service.network_name, device.id)
    rows = service.store.observations(subject, PORTS, until=moment_of(service, at), newest=2)
    hosts = {host.device: host.name for host in service.hosts(at)}
    seen = Seen(
        tuple((row.at, ports_of(row)) for row in rows),
        of_devices(network_cabling(service, at), frozenset({device.id})),
        hosts,
    )
    return DevicePage(
        status=status,
        observed=rows[-1].at if rows else None,
        ports=port_views(device, network.links_of(device.id), seen),
        vlans=tuple(_vlans(device)),
        routing=tuple(_routing(device)),
    )


def _status_of(service: NetworkService, name: str, at: int | None) -> DeviceStatus:
    statuses = device_statuses(service, at)
    named = (status for status in statuses.values() if status.name.lower() == name.lower())
    found = next(named, None) or statuses.get(name)
    if found is None:
        raise DeviceNotFound(f"there is no device {name!r}; cimnet inventory lists them", subject=name)
    return found


def _vlans(device: Device) -> Iterator[VlanOnDevice]:
    for vlan, name in sorted(device.vlans.items()):
        how = {port: framing(device.switch_ports.get(port), vlan) for port in carrying_ports(device, vlan)}
        yield VlanOnDevice(
            vlan=vlan,
            name=name,
            tagged=tuple(port for port, framed in how.items() if framed is Framing.TAGGED),
            untagged=tuple(port for port, framed in how.items() if framed is Framing.UNTAGGED),
        )


def _routing(device: Device) -> Iterator[str]:
    for process in device.ospf.values():
        yield describe(e.OspfConfigured(process=process))
    if device.bgp is not None:
        yield describe(e.BgpConfigured(router=device.bgp))
    for eigrp in device.eigrp.values():
        yield describe(e.EigrpConfigured(process=eigrp))
    yield from map(route_words, device.routes)
    for access_list in device.access_lists.values():
        yield describe(e.AccessListConfigured(access_list=access_list))
    for number, channel in sorted(device.port_channels.items()):
        yield describe(e.PortChannelConfigured(number=number, channel=channel))
    for name, bond in sorted(device.bonds.items()):
        yield describe(e.BondConfigured(name=name, bond=bond))
