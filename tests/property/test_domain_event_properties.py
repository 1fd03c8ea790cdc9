"""Every event, whatever is in it, is the same after it was written as JSON and read again."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Network
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain import access_list_parts as p
from cimnet_nornir.domain import access_lists as acl
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain import routing_values as r
from cimnet_nornir.domain import values as v
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.hosting import values as h
from cimnet_nornir.domain.interfaces import INTERFACE_TYPES, canonical_interface

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)
HOSTS = st.from_regex(r"[A-Za-z]([A-Za-z0-9-]{0,20}[A-Za-z0-9])?", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
LINES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)
TEXT_TUPLES = st.lists(TEXTS, max_size=4).map(tuple)
TYPES = [full for full, _, _ in INTERFACE_TYPES if full != "Vlan"]
INTERFACES = st.one_of(
    st.builds("{}{}".format, st.sampled_from(TYPES), st.integers(0, 99)),
    st.builds("Vlan{}".format, st.integers(1, 4094)),
    st.builds("GigabitEthernet{}/{}.{}".format, st.integers(0, 9), st.integers(0, 99), st.integers(1, 4094)),
)
PORTS = st.lists(INTERFACES, max_size=4).map(tuple)
NIC = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}", fullmatch=True)
NICS = st.lists(NIC, max_size=4).map(tuple)
VLANS = st.integers(1, 4094)
OWN_VLANS = st.integers(2, 1001) | st.integers(1006, 4094)
PRIORITIES = st.dictionaries(VLANS, st.integers(0, 15).map(lambda step: step * 4096), max_size=4)
ADDRESSES = st.integers(0, 2**32 - 1).map(IPv4Address)
SUBNETS = st.builds(lambda ip, bits: IPv4Network((int(ip), bits), strict=False), ADDRESSES, st.integers(0, 32))
ADDRESSES_6 = st.integers(0, 2**128 - 1).map(IPv6Address)
ANY_ADDRESS = ADDRESSES | ADDRESSES_6
ANY_PREFIX = SUBNETS | st.builds(
    lambda ip, bits: IPv6Network((int(ip), bits), strict=False), ADDRESSES_6, st.integers(0, 128)
)
SECONDS = st.floats(0, 1e9)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)

DETAILS = st.builds(
    e.DeviceDetails,
    vendor=NAMES,
    platform=NAMES,
    model=st.just("") | LINES,
    role=st.just("") | LINES,
    site=st.just("") | LINES,
    management=st.none() | ADDRESSES,
)
ENDS = st.builds(v.Endpoint, device=NAMES, port=INTERFACES | NIC)
SWITCHING = st.none() | st.one_of(
    st.builds(v.AccessMode, vlan=VLANS),
    st.builds(v.TrunkMode, native_vlan=VLANS, allowed=st.none() | st.frozensets(VLANS, max_size=9)),
)
CHANNEL = st.builds(
    v.PortChannel,
    members=st.lists(INTERFACES, min_size=1, max_size=8, unique_by=canonical_interface).map(tuple),
    mode=st.sampled_from(("active", "passive", "on")),
)
BOND = st.builds(
    v.Bond,
    members=st.lists(NIC, min_size=1, max_size=4, unique=True).map(tuple),
    mode=st.sampled_from(("802.3ad", "active-backup", "balance-xor")),
)
PORT = st.builds(
    v.PortConfiguration,
    description=st.none() | LINES,
    enabled=st.booleans(),
    switching=SWITCHING,
    portfast=st.booleans(),
    bpduguard=st.booleans(),
)
OSPF_INTERFACE = st.builds(
    v.OspfInterface,
    process=st.integers(1, 65535),
    area=st.integers(0, 2**32 - 1),
    cost=st.none() | st.integers(1, 65535),
    passive=st.booleans(),
    point_to_point=st.booleans(),
)
INTERFACE_ADDRESSES = st.lists(
    st.builds(lambda ip, bits: IPv4Interface((int(ip), bits)), ADDRESSES, st.integers(0, 32)), min_size=1, max_size=3
).map(tuple)
ROUTED = st.builds(v.RoutedInterface, description=st.none() | LINES, enabled=st.booleans()) | st.builds(
    v.RoutedInterface,
    addresses=INTERFACE_ADDRESSES,
    ospf=st.none() | OSPF_INTERFACE,
    access_group_in=st.none() | st.sampled_from(("EDGE", "10")),
    access_group_out=st.none() | st.sampled_from(("EDGE", "2699")),
)
OF_HOST = st.builds(
    v.HostInterfaceConfiguration,
    description=st.none() | LINES,
    addresses=INTERFACE_ADDRESSES,
    ospf=st.none() | OSPF_INTERFACE,
    gateway=st.none() | ADDRESSES,
    mtu=st.none() | st.integers(68, 65535),
)
PROCESS = st.builds(v.OspfProcess, process=st.integers(1, 65535), router_id=ADDRESSES, default_originate=st.booleans())
ROUTE = st.builds(
    v.StaticRoute, prefix=SUBNETS, next_hop=ADDRESSES, distance=st.integers(1, 255), name=st.none() | NAMES
)
AS_NUMBERS = st.integers(1, 2**32 - 1)
UNICAST = st.integers(1, 2**24).map(lambda number: IPv4Address("10.0.0.0") + number)
BGP = st.builds(
    r.BgpRouter,
    as_number=st.just(65001),
    router_id=st.none() | ADDRESSES,
    neighbors=st.lists(
        st.builds(
            r.BgpNeighbor,
            address=UNICAST,
            remote_as=AS_NUMBERS.filter(lambda number: number != 65001),
            description=st.none() | LINES,
            update_source=st.none() | st.just("lo") | INTERFACES,
            next_hop_self=st.booleans(),
            ebgp_multihop=st.none() | st.integers(1, 255),
        ),
        max_size=3,
        unique_by=lambda neighbor: neighbor.address,
    ).map(tuple),
    networks=st.lists(SUBNETS, max_size=3, unique=True).map(tuple),
)
EIGRP = st.builds(
    r.EigrpProcess,
    as_number=st.integers(1, 65535),
    router_id=st.none() | ADDRESSES,
    networks=st.lists(SUBNETS, max_size=3, unique=True).map(tuple),
    passive_interfaces=st.lists(INTERFACES, max_size=3, unique=True).map(tuple),
)
ACL_NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,20}", fullmatch=True)
ACL_ADDRESSES = st.builds(p.AclAddress, address=ADDRESSES, wildcard=ADDRESSES)
ACL_PORTS = st.one_of(
    st.builds(p.AclPorts, operator=st.sampled_from(("eq", "gt", "lt")), port=st.integers(1, 65534)),
    st.builds(p.AclPorts, operator=st.just("range"), port=st.integers(0, 99), last=st.integers(100, 65535)),
)
ACL = st.builds(
    lambda name, rules, remark: acl.AccessList(
        name=name,
        kind="extended",
        entries=(
            acl.AclRemark(sequence=1, text=remark),
            *(rule.model_copy(update={"sequence": number}) for number, rule in enumerate(rules, start=2)),
        ),
    ),
    ACL_NAMES,
    st.lists(
        st.builds(
            acl.AclRule,
            sequence=st.just(2),
            action=st.sampled_from(("permit", "deny")),
            protocol=st.just("tcp"),
            source=ACL_ADDRESSES,
            source_ports=st.none() | ACL_PORTS,
            destination=ACL_ADDRESSES,
            destination_ports=st.none() | ACL_PORTS,
            established=st.booleans(),
            log=st.booleans(),
        ),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    st.from_regex(r"[a-z][a-z ]{0,20}[a-z]", fullmatch=True),
)
CARRIED = st.builds(e.Carried, line=TEXTS, path=TEXT_TUPLES, events=st.lists(st.uuids(), max_size=3).map(tuple))

RANGES = st.tuples(ADDRESSES, ADDRESSES).map(lambda ends: h.AddressRange(first=min(ends), last=max(ends)))
MACS = st.integers(1, 2**40 - 1).map(lambda number: f"02{number:010x}")
IMAGES = st.none() | st.sampled_from(("nginx", "nginx:1.27", "ghcr.io/acme/web@sha256:00ff"))
RUNTIMES = st.sampled_from(("docker", "podman"))
DRIVERS = st.one_of(
    st.builds(h.Bridge, name=st.none() | NIC, inter_container=st.booleans(), mtu=st.none() | st.integers(576, 9216)),
    st.builds(h.Overlay, encrypted=st.booleans(), vxlan=st.none() | st.integers(1, 2**24 - 1)),
    st.builds(h.Macvlan, parent=st.none() | NIC, mode=st.sampled_from(("bridge", "private", "vepa", "passthru"))),
)
UPLINKS = st.builds(h.Uplink, interface=NIC, switch=NAMES, port=INTERFACES, was=st.none() | PORT)
EXTENSIONS = st.builds(
    h.Extension,
    trunks=st.lists(st.builds(h.SwitchPort, switch=NAMES, port=INTERFACES), max_size=2).map(tuple),
    switches=st.lists(NAMES, max_size=2).map(tuple),
)
SHARES = st.builds(h.HostShare, range=RANGES, number=st.integers(1, 99), uplink=st.none() | UPLINKS)
CONTAINER_SETTINGS = st.builds(
    h.ContainerNetworkSettings,
    vlan=st.none() | VLANS,
    driver=DRIVERS,
    runtime=RUNTIMES,
    subnet=SUBNETS,
    pool=SUBNETS,
    gateway=ADDRESSES,
    dns=st.lists(ADDRESSES, max_size=2).map(tuple),
    hosts=st.dictionaries(NAMES, SHARES, max_size=2),
    extension=EXTENSIONS,
)
HYPERVISORS = st.one_of(
    st.builds(h.Libvirt, uri=LINES),
    st.builds(h.VMware, vcenter=LINES, datacenter=LINES),
    st.builds(h.HyperV, host=HOSTS),
)
VM_KINDS = st.one_of(
    st.builds(h.Bridged, bridge=st.none() | LINES),
    st.builds(h.Nat, subnet=SUBNETS, dhcp=st.none() | RANGES),
    st.builds(h.Internal, subnet=st.none() | SUBNETS),
)
MEGABITS = st.none() | st.integers(1, 400_000)
VM_SETTINGS = st.builds(
    h.VmNetworkSettings,
    hypervisor=HYPERVISORS,
    kind=VM_KINDS,
    vlan=st.none() | VLANS,
    subnet=st.none() | SUBNETS,
    gateway=st.none() | ADDRESSES,
    bandwidth=st.builds(h.Bandwidth, inbound_mbps=MEGABITS, outbound_mbps=MEGABITS),
    hosts=st.dictionaries(NAMES, st.none() | UPLINKS, max_size=2),
    extension=EXTENSIONS,
)

ADDED: dict[str, Any] = {"network": NAMES, "device": NAMES, "name": HOSTS, "details": DETAILS, "ports": PORTS}
SEEN: dict[str, Any] = {"network": NAMES, "device": NAMES, "environment": NAMES}
APPLIED: dict[str, Any] = SEEN | {
    "method": NAMES,
    "intent": st.integers(0, 2**62),
    "lines": TEXT_TUPLES,
    "snapshot": TEXTS,
    "rendered": TEXTS,
    "saved": st.booleans(),
    "seconds": SECONDS,
    "confirmed": st.booleans(),
}
FAILED: dict[str, Any] = SEEN | {
    "method": NAMES,
    "intent": st.integers(0, 2**62),
    "outcome": st.sampled_from(get_args(e.ConfigurationFailed.model_fields["outcome"].annotation)),
    "reason": TEXTS,
    "line": TEXTS,
    "answer": TEXTS,
    "sent": TEXT_TUPLES,
    "snapshot": st.none() | TEXTS,
    "remaining": TEXT_TUPLES,
    "seconds": SECONDS,
    "reverted": st.sampled_from(("", "revert timer", "reload timer", "lines")),
    "checks": TEXT_TUPLES,
}
FOUND = ("applied", "not applied", "partly applied", "something else")
HELD: dict[str, Any] = {
    "subnet": ANY_PREFIX,
    "name": st.none() | NAMES,
    "purpose": st.just("") | LINES,
    "owner": st.just("") | LINES,
}
CONDITIONS = st.none() | st.sampled_from(get_args(e.PortCondition))
PORT_CHANGES = st.builds(e.PortChange, port=TEXTS, old=CONDITIONS, new=CONDITIONS)
REACHABILITY = st.sampled_from(("up", "down", "unreachable"))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone added
WINDOWS = st.builds(
    lambda start, seconds: e.MaintenanceWindow(start=start, until=start + timedelta(seconds=seconds)),
    MOMENTS,
    st.integers(1, 10**7),
)
APPROVAL: dict[str, st.SearchStrategy[Any]] = {
    "network": NAMES,
    "environment": NAMES,
    "plan": TEXTS,
    "signer": LINES,
    "fingerprint": LINES,
    "signature": TEXTS,
    "note": st.none() | LINES,
}
DRIFTED_LINES = st.lists(
    st.builds(e.DriftedLine, path=TEXT_TUPLES, adds=st.booleans(), running=TEXT_TUPLES), max_size=3
).map(tuple)
FIELDS: dict[type[Event], dict[str, st.SearchStrategy[Any]]] = {
    e.ChangeRequested: {"command": TEXTS, "arguments": st.dictionaries(TEXTS, JSON, max_size=4)},
    e.IntentRestored: {"network": NAMES, "to": st.integers(0), "undone": st.lists(st.uuids(), max_size=3).map(tuple)},
    e.NetworkCreated: {"name": NAMES},
    e.LinkConnected: {"a": ENDS, "b": ENDS},
    e.LinkDisconnected: {"a": ENDS, "b": ENDS},
    e.RouterAdded: ADDED,
    e.SwitchAdded: ADDED | {"routing": st.booleans()},
    e.HostAdded: ADDED | {"ports": NICS},
    e.DeviceRenamed: {"name": HOSTS},
    e.DeviceDetailsChanged: {"details": DETAILS},
    e.PortsAdded: {"ports": PORTS | NICS},
    e.PortsRemoved: {"ports": PORTS | NICS},
    e.RoutingEnabled: {},
    e.RoutingDisabled: {},
    e.DeviceRemoved: {},
    e.HostKeyPinned: {"environment": NAMES, "key": LINES, "fingerprint": LINES},
    e.VlanCreated: {"vlan": OWN_VLANS, "name": st.none() | NAMES},
    e.VlanRenamed: {"vlan": OWN_VLANS, "name": st.none() | NAMES},
    e.VlanRemoved: {"vlan": OWN_VLANS},
    e.PortConfigured: {"port": INTERFACES, "configuration": PORT},
    e.PortReset: {"port": INTERFACES},
    e.SpanningTreeConfigured: {"mode": st.sampled_from(("pvst", "rapid-pvst", "mst")), "priorities": PRIORITIES},
    e.PortChannelConfigured: {"number": st.integers(1, 128), "channel": CHANNEL},
    e.PortChannelRemoved: {"number": st.integers(1, 128)},
    e.BondConfigured: {"name": NIC, "bond": BOND},
    e.BondRemoved: {"name": NIC},
    e.RouterInterfaceConfigured: {"interface": INTERFACES, "configuration": ROUTED},
    e.RouterInterfaceRemoved: {"interface": INTERFACES},
    e.HostInterfaceConfigured: {"interface": NIC, "configuration": OF_HOST},
    e.HostInterfaceRemoved: {"interface": NIC},
    e.OspfConfigured: {"process": PROCESS},
    e.OspfRemoved: {"process": st.integers(1, 65535)},
    e.StaticRouteAdded: {"route": ROUTE},
    e.StaticRouteRemoved: {"route": ROUTE},
    e.BgpConfigured: {"router": BGP},
    e.BgpRemoved: {"as_number": AS_NUMBERS},
    e.EigrpConfigured: {"process": EIGRP},
    e.EigrpRemoved: {"as_number": st.integers(1, 65535)},
    e.AccessListConfigured: {"access_list": ACL},
    e.AccessListRemoved: {"name": ACL_NAMES},
    e.FeatureConfigured: {"setting": st.builds(ConfigurationBlock, name=NAMES, lines=st.tuples(NAMES))},
    e.FeatureRemoved: {"feature": NAMES, "key": NAMES},
    e.DeploymentStarted: {
        "network": NAMES,
        "environment": NAMES,
        "method": NAMES,
        "plan": TEXTS,
        "templates": TEXTS,
        "position": st.integers(0, 2**62),
        "devices": TEXT_TUPLES,
    },
    e.TransactionDecided: {
        "network": NAMES,
        "environment": NAMES,
        "decision": st.sampled_from(("keep", "take back")),
        "devices": TEXT_TUPLES,
        "reason": TEXTS,
    },
    e.DeploymentFinished: {"outcomes": st.dictionaries(TEXTS, TEXTS, max_size=4), "seconds": SECONDS},
    e.PushStarted: SEEN
    | {
        "method": NAMES,
        "before": TEXTS,
        "carries": st.lists(CARRIED, max_size=3).map(tuple),
        "plan": TEXTS,
        "snapshot": st.none() | TEXTS,
        "protection": st.sampled_from(("", "revert timer", "reload timer", "lines")),
        "minutes": st.integers(0, 120),
        "transaction": st.booleans(),
    },
    e.WaveStarted: {"number": st.integers(1, 99), "of": st.integers(1, 99), "devices": TEXT_TUPLES},
    e.WaveDecided: {
        "number": st.integers(1, 99),
        "of": st.integers(1, 99),
        "failed": TEXT_TUPLES,
        "decision": st.sampled_from(("continue", "stop")),
        "reason": TEXTS,
    },
    e.RouterConfigurationApplied: APPLIED,
    e.SwitchConfigurationApplied: APPLIED,
    e.HostConfigurationApplied: APPLIED,
    e.HostConfigurationFailed: FAILED,
    e.RouterConfigurationFailed: FAILED,
    e.SwitchConfigurationFailed: FAILED,
    e.RecoveryStarted: SEEN
    | {
        "found": st.sampled_from(FOUND),
        "action": st.sampled_from(("finish", "revert", "keep")),
        "commands": TEXT_TUPLES,
    },
    e.PushSettled: SEEN
    | {
        "intent": st.integers(0, 2**62),
        "outcome": st.sampled_from(FOUND),
        "snapshot": TEXTS,
        "remaining": TEXT_TUPLES,
    },
    e.PoolCreated: {"network": NAMES, "pool": NAMES, "prefix": ANY_PREFIX, "purpose": st.just("") | LINES},
    e.PoolRemoved: {},
    e.SubnetAllocated: HELD | {"vlan": st.none() | VLANS, "gateway": st.none() | ANY_ADDRESS},
    e.SubnetReserved: HELD,
    e.SubnetReleased: {"subnet": ANY_PREFIX},
    e.AddressAssigned: {"subnet": ANY_PREFIX, "address": ANY_ADDRESS, "owner": LINES},
    e.AddressReleased: {"subnet": ANY_PREFIX, "address": ANY_ADDRESS},
    e.WaiverGranted: {
        "network": NAMES,
        "rule": NAMES,
        "device": st.none() | NAMES,
        "path": st.just("") | LINES,
        "reason": LINES,
        "expires": st.dates(),
    },
    e.WaiverRevoked: {"network": NAMES, "rule": NAMES, "device": st.none() | NAMES, "path": st.just("") | LINES},
    e.PlanApproved: APPROVAL,
    e.ApprovalWithdrawn: APPROVAL,
    e.HostsAssigned: {
        "kind": st.sampled_from(("container network", "VM network")),
        "name": NAMES,
        "hosts": st.lists(NAMES, max_size=3).map(tuple),
        "vlan": st.none() | VLANS,
    },
    e.ContainerNetworkCreated: {"network": NAMES, "name": NAMES, "settings": CONTAINER_SETTINGS},
    e.ContainerNetworkChanged: {"settings": CONTAINER_SETTINGS},
    e.ContainerNetworkRemoved: {},
    e.ContainerAttached: {
        "container": NAMES,
        "host": NAMES,
        "address": ADDRESSES,
        "mac": MACS,
        "image": IMAGES,
        "runtime": st.none() | RUNTIMES,
    },
    e.ContainerDetached: {"container": NAMES},
    e.VmNetworkCreated: {"network": NAMES, "name": NAMES, "settings": VM_SETTINGS},
    e.VmNetworkChanged: {"settings": VM_SETTINGS},
    e.VmNetworkRemoved: {},
    e.VmAttached: {"vm": NAMES, "host": NAMES, "mac": MACS, "address": st.none() | ADDRESSES},
    e.VmDetached: {"vm": NAMES},
    e.PortStatisticsRecorded: SEEN
    | {
        "digest": TEXTS,
        **dict.fromkeys(("up", "down", "disabled", "errors"), st.integers(0, 2**62)),
        "changed": st.lists(PORT_CHANGES, max_size=3).map(tuple),
        "rising": TEXT_TUPLES,
    },
    e.DriftDetected: SEEN
    | {
        "diff": TEXT_TUPLES,
        "snapshot": TEXTS,
        "configured": st.lists(st.builds(e.ConfiguredBy, at=TEXTS, who=TEXTS, command=TEXTS), max_size=2).map(tuple),
        "lines": DRIFTED_LINES,
    },
    e.DriftIgnored: SEEN | {"lines": DRIFTED_LINES, "reason": LINES, "until": MOMENTS},
    e.DriftIgnoreWithdrawn: SEEN | {"lines": DRIFTED_LINES},
    e.ConfigurationBackedUp: SEEN | {"snapshot": TEXTS},
    e.DriftResolved: SEEN | {"snapshot": TEXTS},
    e.HostDeploymentAdvanced: SEEN
    | {
        "step": st.sampled_from(("built", "armed", "activated", "confirmed", "kept", "reverted")),
        "system": TEXTS,
        "generation": st.none() | st.integers(1, 10**6),
    },
    e.ConfigurationDeployed: SEEN
    | {
        "method": LINES,
        "target": st.just(e.LocalTarget()) | st.builds(e.RemoteTarget, host=LINES, user=LINES),
        "generation": st.none() | st.integers(1, 10**6),
        "result": st.sampled_from(("activated", "staged", "unchanged", "rolled back", "failed")),
        "reason": TEXTS,
    },
    **{
        kind: SEEN | {"old": st.none() | REACHABILITY, "new": REACHABILITY} for kind in e.StatusChanged.__subclasses__()
    },
    **{
        kind: SEEN | ({"window": WINDOWS} if "window" in kind.model_fields else {})
        for base in e.LifecycleChanged.__subclasses__()
        for kind in base.__subclasses__()
    },
}


def test_every_event_type_and_each_of_its_fields_is_tried() -> None:
    assert set(FIELDS) == set(e.EVENT_TYPES.values())
    assert {kind: set(fields) for kind, fields in FIELDS.items()} == {
        kind: set(kind.model_fields) for kind in e.EVENT_TYPES.values()
    }


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_an_event_is_the_same_after_json(kind: type[Event]) -> None:
    @given(st.fixed_dictionaries(FIELDS[kind]))
    @settings(max_examples=15, deadline=None)
    def check(fields: dict[str, Any]) -> None:
        event = kind.model_validate(fields)
        text = event.model_dump_json()
        read = kind.model_validate_json(text)
        assert read == event
        assert read.model_dump_json() == text

    check()
