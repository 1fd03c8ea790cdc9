"""Container and VM networks as they are written in a definition file."""

from collections.abc import Iterator, Mapping

from cimnet_nornir.domain.hosting.containers import default_bridge
from cimnet_nornir.domain.hosting.machines import bridge_of
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, VmNetwork
from cimnet_nornir.domain.hosting.values import (
    Bridge,
    Bridged,
    Container,
    HostShare,
    HyperV,
    Libvirt,
    Macvlan,
    Nat,
    Overlay,
    Uplink,
    Vm,
)
from cimnet_nornir.domain.hosting.wishes import vm_network_wish

Value = object
Fields = Mapping[str, Value]
Entry = tuple[str, Fields, str, Mapping[str, Fields]]
"""A network: its name, its fields, what its members are called, and these with the fields of each."""


def container_network_entry(network: ContainerNetwork, names: Mapping[str, str]) -> Entry:
    """A container network; `names` maps device ids to host names."""
    settings = network.settings
    fields: dict[str, Value] = {
        "vlan": settings.vlan,
        "runtime": settings.runtime if settings.runtime != "docker" else None,
        **dict(_driver(network)),
        "subnet": str(settings.pool),
        "gateway": str(settings.gateway),
        "dns": [str(address) for address in settings.dns] or None,
        "hosts": {names[host]: _share(share) for host, share in settings.hosts.items()},
    }
    members = {name: _container(container, names) for name, container in network.containers.items()}
    return network.name, _said(fields), "containers", members


def _said(fields: Mapping[str, Value]) -> Fields:
    return {name: value for name, value in fields.items() if value is not None}


def _driver(network: ContainerNetwork) -> Iterator[tuple[str, Value]]:
    driver = network.settings.driver
    match driver:
        case Bridge():
            usual = default_bridge(network.name, network.settings.vlan)
            yield from (("bridge", driver.name if driver.name != usual else None), ("mtu", driver.mtu))
            yield "inter_container", None if driver.inter_container else False
        case Overlay():
            yield from (("driver", "overlay"), ("encrypted", driver.encrypted or None), ("vxlan", driver.vxlan))
        case Macvlan():
            yield from (("driver", "macvlan"), ("parent", driver.parent), ("mode", driver.mode))


def _share(share: HostShare) -> Fields:
    return {**_uplink(share.uplink), "range": str(share.range)}


def _uplink(uplink: Uplink | None) -> Fields:
    return {} if uplink is None else {"uplink": uplink.interface}


def _container(container: Container, names: Mapping[str, str]) -> Fields:
    fields = {"image": container.image, "runtime": container.runtime}
    return {"host": names[container.host], "address": str(container.address), **_said(fields)}


def vm_network_entry(network: VmNetwork, names: Mapping[str, str]) -> Entry:
    """A network of virtual machines; `names` maps device ids to host names."""
    settings = network.settings
    fields: dict[str, Value] = {
        **dict(_hypervisor(network, names)),
        **dict(_kind(network)),
        "vlan": settings.vlan,
        "bandwidth": _said(settings.bandwidth.model_dump()) or None,
        "hosts": {names[host]: _uplink(uplink) for host, uplink in settings.hosts.items()},
    }
    return network.name, _said(fields), "machines", {name: _vm(vm, names) for name, vm in network.vms.items()}


def _hypervisor(network: VmNetwork, names: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    hypervisor = network.settings.hypervisor
    if isinstance(hypervisor, Libvirt):
        yield "uri", hypervisor.uri if hypervisor != Libvirt() else None
        return
    yield "hypervisor", hypervisor.hypervisor
    if isinstance(hypervisor, HyperV):
        # It is named by what it is called now.
        yield "host", names[next(iter(network.settings.hosts))]
    else:
        yield from (("vcenter", hypervisor.vcenter), ("datacenter", hypervisor.datacenter))


def _kind(network: VmNetwork) -> Iterator[tuple[str, Value]]:
    kind = network.settings.kind
    if isinstance(kind, Bridged):
        open_wish = vm_network_wish(network.settings).model_copy(update={"kind": Bridged()})
        yield "bridge", kind.bridge if kind.bridge != bridge_of(network.name, open_wish) else None
        return
    yield "type", kind.type
    yield "subnet", str(kind.subnet) if kind.subnet is not None else None
    if isinstance(kind, Nat):
        yield "dhcp", str(kind.dhcp) if kind.dhcp is not None else None


def _vm(vm: Vm, names: Mapping[str, str]) -> Fields:
    return {"host": names[vm.host], "mac": vm.mac, **_said({"address": str(vm.address) if vm.address else None})}
