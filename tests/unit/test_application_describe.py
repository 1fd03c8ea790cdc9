"""Events in words: each type has some, and they say what matters."""

from collections.abc import Mapping
from datetime import datetime
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

import pytest

from cimnet_nornir.application.describe import describe, removes, subject_of
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import (
    AccessMode,
    Endpoint,
    OspfInterface,
    OspfProcess,
    PortConfiguration,
    RoutedInterface,
    StaticRoute,
    TrunkMode,
)

PORT = "GigabitEthernet1/0/1"
A, B = Endpoint(device="sw1", port=PORT), Endpoint(device="sw2", port=PORT)
DETAILS = e.DeviceDetails(vendor="cisco", platform="ios", model="ISR4331")
SERVER = e.DeviceDetails(vendor="nixos", platform="nixos")
CONTAINERS = {
    "vlan": 100,
    "driver": {"driver": "bridge", "name": "br-web"},
    "runtime": "docker",
    "subnet": "10.1.0.0/24",
    "pool": "10.1.0.0/24",
    "gateway": "10.1.0.1",
    "hosts": {"h1": {"range": {"first": "10.1.0.32", "last": "10.1.0.63"}, "number": 1}},
}
MACHINES = {"hypervisor": {"hypervisor": "libvirt"}, "kind": {"type": "internal"}, "hosts": {"h1": None}}
ROUTE = StaticRoute(prefix=IPv4Network("0.0.0.0/0"), next_hop=IPv4Address("192.0.2.1"), name="internet")
DEVICE = {"network": "net", "device": "sw1", "environment": "lab"}
PUSH = {**DEVICE, "method": "netmiko"}
APPLIED = {**PUSH, "intent": 1, "lines": ("a", "b"), "snapshot": "", "rendered": "", "saved": True, "seconds": 1.0}
FAILED = {**PUSH, "intent": 1, "outcome": "rejected", "reason": "sw1: % Invalid input", "seconds": 1.0}
APPROVAL = {
    "network": "net",
    "environment": "lab",
    "plan": "sha256:0",
    "signer": "bob@example.net",
    "fingerprint": "SHA256:4a",
    "signature": "-----BEGIN SSH SIGNATURE-----",
}
WINDOW = {"start": "2026-11-23T22:00+00:00", "until": "2026-11-24T03:00+01:00"}

WORDS: Mapping[type[Event], tuple[Mapping[str, object], str]] = {
    e.ChangeRequested: (
        {"command": "declare", "arguments": {"file": "net.yaml", "prune": False}},
        "asked for: declare file=net.yaml",
    ),
    e.IntentRestored: (
        {"network": "net", "to": 7, "undone": ["0a4fa2dc-3f5f-4a1f-8f6e-5a0d3e2a9b11"]},
        "intent of #7 restored, 1 event undone",
    ),
    e.NetworkCreated: ({"name": "net"}, "network net created"),
    e.LinkConnected: ({"a": A, "b": B}, f"sw1 {PORT} connected to sw2 {PORT}"),
    e.LinkDisconnected: ({"a": A, "b": B}, f"sw1 {PORT} disconnected from sw2 {PORT}"),
    e.RouterAdded: (
        {"network": "net", "device": "r1", "name": "r1", "details": DETAILS, "ports": (PORT,)},
        "router r1 added (ISR4331, 1 port)",
    ),
    e.SwitchAdded: (
        {"network": "net", "device": "sw1", "name": "sw1", "details": DETAILS, "routing": True},
        "layer-3 switch sw1 added (ISR4331)",
    ),
    e.HostAdded: (
        {"network": "net", "device": "h1", "name": "h1", "details": SERVER, "ports": ("eno1", "eno2")},
        "host h1 added (nixos, 2 ports)",
    ),
    e.DeviceRenamed: ({"name": "acc1"}, "renamed to acc1"),
    e.DeviceDetailsChanged: ({"details": DETAILS}, "details changed: vendor cisco, platform ios, model ISR4331"),
    e.PortsAdded: ({"ports": (PORT,)}, "ports added: Gi1/0/1"),
    e.PortsRemoved: ({"ports": (PORT,)}, "ports removed: Gi1/0/1"),
    e.RoutingEnabled: ({}, "routing enabled"),
    e.RoutingDisabled: ({}, "routing disabled"),
    e.HostInterfaceConfigured: (
        {
            "interface": "eno2",
            "configuration": {"addresses": ["192.0.2.10/24"], "gateway": "192.0.2.1", "mtu": 9000, "description": "a"},
        },
        "eno2: 192.0.2.10/24 gateway 192.0.2.1 MTU 9000 (a)",
    ),
    e.HostInterfaceRemoved: ({"interface": "eno2"}, "eno2 removed"),
    e.DeviceRemoved: ({}, "removed from the network"),
    e.HostKeyPinned: (
        {"environment": "lab", "key": "ssh-ed25519 AAAA", "fingerprint": "SHA256:x"},
        "SSH host key pinned for lab: SHA256:x",
    ),
    e.VlanCreated: ({"vlan": 10, "name": "users"}, "VLAN 10 (users) created"),
    e.VlanRenamed: ({"vlan": 10, "name": None}, "VLAN 10 renamed"),
    e.VlanRemoved: ({"vlan": 10}, "VLAN 10 removed"),
    e.PortConfigured: (
        {
            "port": PORT,
            "configuration": PortConfiguration(switching=AccessMode(vlan=10), enabled=False, description="desk"),
        },
        "Gi1/0/1: access VLAN 10 shut (desk)",
    ),
    e.PortReset: ({"port": PORT}, "Gi1/0/1: no intent any more"),
    e.PortChannelConfigured: (
        {"number": 1, "channel": {"members": ("Gi1/0/22", "Gi1/0/21")}},
        "Po1: active, Gi1/0/21, Gi1/0/22",
    ),
    e.PortChannelRemoved: ({"number": 1}, "Po1 removed"),
    e.BondConfigured: ({"name": "bond0", "bond": {"members": ("eno1", "eno2")}}, "bond0: 802.3ad, eno1, eno2"),
    e.BondRemoved: ({"name": "bond0"}, "bond0 removed"),
    e.SpanningTreeConfigured: (
        {"mode": "rapid-pvst", "priorities": {10: 4096}},
        "spanning tree rapid-pvst: VLAN 10 priority 4096",
    ),
    e.RouterInterfaceConfigured: (
        {
            "interface": PORT,
            "configuration": RoutedInterface(
                addresses=(IPv4Interface("192.0.2.1/24"),), ospf=OspfInterface(area=0), description="uplink"
            ),
        },
        "Gi1/0/1: 192.0.2.1/24 OSPF area 0 (uplink)",
    ),
    e.RouterInterfaceRemoved: ({"interface": "Vlan10"}, "Vl10 removed"),
    e.OspfConfigured: (
        {"process": OspfProcess(process=1, router_id=IPv4Address("192.0.2.1"))},
        "OSPF 1, router id 192.0.2.1",
    ),
    e.OspfRemoved: ({"process": 1}, "OSPF 1 removed"),
    e.StaticRouteAdded: ({"route": ROUTE}, "route 0.0.0.0/0 via 192.0.2.1 (internet) added"),
    e.StaticRouteRemoved: ({"route": ROUTE}, "route 0.0.0.0/0 via 192.0.2.1 (internet) removed"),
    e.BgpConfigured: (
        {"router": {"as_number": 65001, "neighbors": [{"address": "192.0.2.1", "remote_as": 65002}]}},
        "BGP in AS 65001, 1 neighbour",
    ),
    e.BgpRemoved: ({"as_number": 65001}, "BGP in AS 65001 removed"),
    e.EigrpConfigured: (
        {"process": {"as_number": 100, "networks": ["10.0.0.0/8"]}},
        "EIGRP 100, networks 10.0.0.0/8",
    ),
    e.EigrpRemoved: ({"as_number": 100}, "EIGRP 100 removed"),
    e.AccessListConfigured: (
        {"access_list": {"name": "EDGE", "kind": "extended", "entries": [{"sequence": 10, "action": "permit"}]}},
        "extended access list EDGE, 1 rule",
    ),
    e.AccessListRemoved: ({"name": "EDGE"}, "access list EDGE removed"),
    e.FeatureConfigured: (
        {"setting": {"feature": "configuration-block", "name": "clns", "lines": ["clns routing"]}},
        "configuration-block clns: lines clns routing",
    ),
    e.FeatureRemoved: ({"feature": "ntp-server", "key": "192.0.2.1"}, "ntp-server 192.0.2.1 removed"),
    e.PoolCreated: (
        {"network": "net", "pool": "campus", "prefix": "10.0.0.0/8"},
        "pool campus of 10.0.0.0/8 created",
    ),
    e.PoolRemoved: ({}, "pool removed"),
    e.SubnetAllocated: (
        {"subnet": "10.0.0.0/24", "name": "web", "vlan": 100, "purpose": "shops"},
        "10.0.0.0/24 (web) allocated: VLAN 100, shops",
    ),
    e.SubnetReserved: ({"subnet": "10.0.0.0/24", "owner": "ann"}, "10.0.0.0/24 reserved: ann"),
    e.SubnetReleased: ({"subnet": "2001:db8::/64"}, "2001:db8::/64 released"),
    e.AddressAssigned: (
        {"subnet": "10.0.0.0/24", "address": "10.0.0.2", "owner": "container web1"},
        "10.0.0.2 assigned to container web1",
    ),
    e.AddressReleased: ({"subnet": "10.0.0.0/24", "address": "10.0.0.2"}, "10.0.0.2 released"),
    e.HostsAssigned: (
        {"kind": "container network", "name": "web", "hosts": ("h1", "h2"), "vlan": 100},
        "container network web on h1, h2",
    ),
    e.ContainerNetworkCreated: (
        {"network": "net", "name": "web", "settings": CONTAINERS},
        "container network web created: VLAN 100, subnet 10.1.0.0/24, hosts h1",
    ),
    e.ContainerNetworkChanged: (
        {"settings": {**CONTAINERS, "driver": {"driver": "macvlan"}, "runtime": "podman"}},
        "container network changed: macvlan, podman, VLAN 100, subnet 10.1.0.0/24, hosts h1",
    ),
    e.ContainerNetworkRemoved: ({}, "container network removed"),
    e.ContainerAttached: (
        {"container": "nginx", "host": "h1", "address": "10.1.0.33", "mac": "02:42:0a:01:00:21"},
        "container nginx attached on h1: 10.1.0.33, 02:42:0a:01:00:21",
    ),
    e.ContainerDetached: ({"container": "nginx"}, "container nginx detached"),
    e.VmNetworkCreated: (
        {"network": "net", "name": "db", "settings": MACHINES},
        "VM network db created: hosts h1",
    ),
    e.VmNetworkChanged: ({"settings": MACHINES}, "VM network changed: hosts h1"),
    e.VmNetworkRemoved: ({}, "VM network removed"),
    e.VmAttached: (
        {"vm": "db1", "host": "h1", "mac": "52:54:00:01:00:21"},
        "VM db1 attached on h1: no address, 52:54:00:01:00:21",
    ),
    e.VmDetached: ({"vm": "db1"}, "VM db1 detached"),
    e.WaiverGranted: (
        {"network": "net", "rule": "native-vlan", "device": "sw1", "reason": "CHG-7", "expires": "2026-12-31"},
        "findings of native-vlan sw1 waived until 2026-12-31: CHG-7",
    ),
    e.WaiverRevoked: ({"network": "net", "rule": "native-vlan"}, "findings of native-vlan count again"),
    e.PlanApproved: (
        {**APPROVAL, "note": "looked at sw1"},
        "approved (lab) by bob@example.net (key SHA256:4a): looked at sw1",
    ),
    e.ApprovalWithdrawn: (APPROVAL, "approval (lab) withdrawn by bob@example.net (key SHA256:4a)"),
    e.WaveStarted: ({"number": 1, "of": 3, "devices": ["acc1", "acc2"]}, "wave 1 of 3 started: acc1, acc2"),
    e.WaveDecided: (
        {"number": 1, "of": 3, "failed": ["acc1"], "decision": "stop", "reason": "1 of 2 failed"},
        "wave 1 of 3: 1 of 2 failed: stop",
    ),
    e.DeploymentStarted: (
        {
            "network": "net",
            "environment": "lab",
            "method": "netmiko",
            "plan": "sha256:0",
            "templates": "sha256:1",
            "position": 9,
            "devices": ("sw1", "r1"),
        },
        "deployment started in lab: sw1, r1",
    ),
    e.DeploymentFinished: (
        {"outcomes": {"sw1": "applied", "sw2": "applied", "r1": "in doubt"}, "seconds": 2.04},
        "deployment finished in 2.0 s: 2 applied, 1 in doubt",
    ),
    e.PushStarted: ({**PUSH, "before": "sha256:0", "carries": ()}, "push started in lab: 0 changes"),
    e.RouterConfigurationApplied: (APPLIED, "2 commands applied by netmiko in lab, read back, saved"),
    e.SwitchConfigurationApplied: (
        {**APPLIED, "saved": False},
        "2 commands applied by netmiko in lab, read back, not saved",
    ),
    e.HostConfigurationApplied: (APPLIED, "2 lines of its module applied by netmiko in lab, kept"),
    e.RouterConfigurationFailed: (FAILED, "rejected (lab): sw1: % Invalid input"),
    e.SwitchConfigurationFailed: (FAILED, "rejected (lab): sw1: % Invalid input"),
    e.HostConfigurationFailed: (FAILED, "rejected (lab): sw1: % Invalid input"),
    e.HostDeploymentAdvanced: (
        {**DEVICE, "step": "kept", "system": "/nix/store/x", "generation": 12},
        "boots this from now on (lab), generation 12",
    ),
    e.TransactionDecided: (
        {"network": "net", "environment": "lab", "decision": "take back", "devices": ("sw1",), "reason": "sw2 failed"},
        "transaction: taken back on 1 device, since sw2 failed",
    ),
    e.RecoveryStarted: (
        {**DEVICE, "found": "partly applied", "action": "revert"},
        "sw1 was found partly applied (lab): bringing back what ran before",
    ),
    e.PushSettled: (
        {**DEVICE, "intent": 1, "outcome": "partly applied", "snapshot": ""},
        "push settled: partly applied",
    ),
    e.DriftDetected: ({**DEVICE, "diff": ("- a", "+ b"), "snapshot": ""}, "drift in lab: +1 -1 lines"),
    e.DriftResolved: ({**DEVICE, "snapshot": ""}, "no drift in lab any more"),
    e.DriftIgnored: (
        {
            **DEVICE,
            "lines": (e.DriftedLine(path=("vlan 10", "name a"), adds=True),),
            "reason": "CHG-1",
            "until": datetime(2026, 12, 1, 8).astimezone(),
        },
        "1 drifted line ignored in lab until 2026-12-01 08:00: CHG-1",
    ),
    e.DriftIgnoreWithdrawn: ({**DEVICE, "lines": ()}, "0 drifted lines count again in lab"),
    e.ConfigurationBackedUp: ({**DEVICE, "snapshot": ""}, "running configuration kept (lab)"),
    e.ConfigurationDeployed: (
        {
            **DEVICE,
            "method": "nixos-rebuild",
            "target": e.RemoteTarget(host="192.0.2.7", user="root"),
            "generation": 12,
            "result": "activated",
        },
        "deployed by nixos-rebuild to root@192.0.2.7 in lab: activated, generation 12",
    ),
    **dict.fromkeys(e.ProvisioningStarted.__subclasses__(), (DEVICE, "provisioning started in lab")),
    **dict.fromkeys(e.Commissioned.__subclasses__(), (DEVICE, "in service in lab as it is")),
    **{
        kind: ({**DEVICE, "window": WINDOW}, "maintenance started in lab, until 2026-11-24 02:00 UTC")
        for kind in e.MaintenanceStarted.__subclasses__()
    },
    **dict.fromkeys(e.MaintenanceEnded.__subclasses__(), (DEVICE, "maintenance ended in lab")),
    **dict.fromkeys(e.DecommissioningStarted.__subclasses__(), (DEVICE, "decommissioning started in lab")),
    **dict.fromkeys(e.Decommissioned.__subclasses__(), (DEVICE, "decommissioned in lab")),
    **{
        kind: ({**DEVICE, "old": "up", "new": "unreachable"}, "unreachable in lab, was up")
        for kind in e.StatusChanged.__subclasses__()
    },
    e.PortStatisticsRecorded: (
        {
            **DEVICE,
            "digest": "sha256:" + "0" * 64,
            "up": 2,
            "down": 1,
            "disabled": 0,
            "errors": 7,
            "changed": [{"port": PORT, "old": "up", "new": "down"}],
            "rising": ["GigabitEthernet1/0/2"],
        },
        "Gi1/0/1 down (was up), errors rise on Gi1/0/2; ports in lab: 2 up, 1 down, 0 disabled",
    ),
}


@pytest.mark.parametrize("kind", e.EVENT_TYPES.values(), ids=e.EVENT_TYPES)
def test_every_event_has_words(kind: type[Event]) -> None:
    fields, expected = WORDS[kind]
    assert describe(kind.model_validate(fields)) == expected


@pytest.mark.parametrize("kind", e.EVENT_TYPES.values(), ids=e.EVENT_TYPES)
def test_what_takes_something_out_of_the_intent_is_told_by_its_name(kind: type[Event]) -> None:
    ending = ("Removed", "Reset", "Disabled", "Disconnected", "Released", "Detached")
    assert removes(kind.model_validate(WORDS[kind][0])) is kind.type_name().endswith(ending)


def test_an_event_of_another_program_is_told_by_its_name() -> None:
    class CableLabelled(Event):
        """Not one of ours."""

    assert describe(CableLabelled()) == "CableLabelled"


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        (PortConfiguration(switching=TrunkMode()), "Gi1/0/1: trunk of all VLANs, native 1"),
        (
            PortConfiguration(switching=TrunkMode(native_vlan=99, allowed=frozenset({10, 11, 12, 20}))),
            "Gi1/0/1: trunk of VLANs 10-12,20, native 99",
        ),
        (PortConfiguration(), "Gi1/0/1:"),
    ],
)
def test_a_port_is_told_by_what_it_carries(configuration: PortConfiguration, expected: str) -> None:
    assert describe(e.PortConfigured(port=PORT, configuration=configuration)) == expected


def test_the_rest_is_left_out_where_there_is_none() -> None:
    shut = RoutedInterface(enabled=False)
    assert describe(e.RouterInterfaceConfigured(interface=PORT, configuration=shut)) == "Gi1/0/1: no address shut"
    assert describe(e.SpanningTreeConfigured(mode="pvst")) == "spanning tree pvst"
    assert describe(e.DeploymentFinished(outcomes={}, seconds=0.1)) == "deployment finished in 0.1 s: nothing to do"
    switch = e.SwitchAdded(network="net", device="sw1", name="sw1", details=e.DeviceDetails(vendor="v", platform="ios"))
    assert describe(switch) == "switch sw1 added (ios)"


def test_a_deployment_here_that_failed_says_why() -> None:
    event = e.ConfigurationDeployed.model_validate(
        {**DEVICE, "method": "nixos-rebuild", "target": {"kind": "local"}, "result": "failed", "reason": "disk full"}
    )
    assert describe(event) == "deployed by nixos-rebuild in lab: failed: disk full"


def test_a_device_that_was_never_looked_at_has_no_status_before() -> None:
    event = e.HostStatusChanged.model_validate({**DEVICE, "old": None, "new": "up"})
    assert describe(event) == "up in lab"


def test_ports_that_are_seen_for_the_first_time_are_counted_and_many_that_changed_are_not_all_named() -> None:
    counts = {**DEVICE, "digest": "", "up": 6, "down": 0, "disabled": 0, "errors": 0}
    ports = [f"GigabitEthernet1/0/{number}" for number in range(1, 7)]
    first = [{"port": port, "old": None, "new": "up"} for port in ports]
    event = e.PortStatisticsRecorded.model_validate({**counts, "changed": first})
    assert describe(event) == "ports in lab: 6 up, 0 down, 0 disabled"
    gone = [{"port": port, "old": "up", "new": None} for port in ports]
    said = describe(e.PortStatisticsRecorded.model_validate({**counts, "changed": gone}))
    assert said.startswith("Gi1/0/1 gone (was up), ")
    assert "Gi1/0/4 gone (was up), 2 more; ports" in said


def test_a_waiver_says_what_it_lets_be_and_until_when() -> None:
    target = {"network": "net", "rule": "lock-out", "device": "sw1", "path": "Vlan99"}
    granted = e.WaiverGranted.model_validate({**target, "reason": "CHG-9", "expires": "2026-12-31"})
    assert describe(granted) == "findings of lock-out sw1 Vlan99 waived until 2026-12-31: CHG-9"
    assert describe(e.WaiverRevoked(network="net", rule="lock-out")) == "findings of lock-out count again"


def test_long_arguments_are_shortened() -> None:
    request = e.ChangeRequested(command="apply", arguments={"plan": "sha256:" + "ab" * 32, "devices": ["sw1", "r1"]})
    assert describe(request) == "asked for: apply plan=sha256:abababababab devices=sw1,r1"


def test_what_a_setting_says_is_told_without_signs_of_python() -> None:
    parts = {"match": {"access_list": ["101"]}, "set": {"metric": "50", "additive": True}}
    clause = {"feature": "route-map", "name": "OUT", "sequence": 10, **parts}
    off = {"feature": "service", "name": "password-encryption", "enabled": False}
    words = [describe(e.FeatureConfigured.model_validate({"setting": setting})) for setting in (clause, off)]
    assert words == [
        "route-map OUT 10: match (access list 101), set (metric 50, additive)",
        "service password-encryption: not enabled",
    ]


@pytest.mark.parametrize("command", ["release_address", "release address"])
def test_a_request_reads_the_same_whether_it_came_from_python_or_the_command_line(command: str) -> None:
    request = e.ChangeRequested(command=command, arguments={"purpose": "front_end"})
    assert describe(request) == "asked for: release address purpose=front_end"


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("network:net", "net"),
        ("device:net/sw1", "sw1"),
        ("deployment:0123456789ab/sw1", "sw1"),
        ("deployment:0123456789ab", "deployment 01234567"),
        ("request:0123456789ab", "request 01234567"),
        ("plan:net/sha256:0123456789abcdef", "plan sha256:0123456789ab"),
        ("observed:lab:net/sw1", "sw1"),
    ],
)
def test_a_stream_is_told_by_its_subject(stream: str, expected: str) -> None:
    assert subject_of(stream) == expected
