"""Given what happened to a device, when BGP, EIGRP or access lists are asked for, then events or a refusal."""

from ipaddress import IPv4Interface

import pytest

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.access_lists import AccessList, AclRule
from cimnet_nornir.domain.decide import decide
from cimnet_nornir.domain.device import Device, DeviceEvent, evolve
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.routing_values import BgpRouter, EigrpProcess
from cimnet_nornir.domain.values import RoutedInterface
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import AccessListInUse, AccessListNotFound, DomainError, NotFound, RuleViolated

DETAILS = e.DeviceDetails(vendor="cisco", platform="ios")
PORT = "GigabitEthernet0/0"
ROUTER = e.RouterAdded(network="net", device="r1", name="edge", details=DETAILS, ports=(PORT,))
SWITCH = e.SwitchAdded(network="net", device="r1", name="sw", details=DETAILS, ports=(PORT,))
LAYER_3 = SWITCH.model_copy(update={"routing": True})


def bgp(number: int = 65001, peer: str = "192.0.2.2", source: str | None = None) -> BgpRouter:
    neighbor = {"address": peer, "remote_as": 65002, "update_source": source}
    return BgpRouter.model_validate({"as_number": number, "neighbors": [neighbor]})


def eigrp(*passive: str) -> EigrpProcess:
    return EigrpProcess(as_number=100, passive_interfaces=passive)


def acl(name: str = "EDGE") -> AccessList:
    return AccessList(name=name, kind="extended", entries=(AclRule(sequence=10, action="permit"),))


def interface(**fields: str) -> RoutedInterface:
    return RoutedInterface.model_validate({"addresses": ["192.0.2.1/24"], **fields})


USED: list[DeviceEvent] = [
    e.AccessListConfigured(access_list=acl()),
    e.RouterInterfaceConfigured(interface=PORT, configuration=interface(access_group_in="EDGE")),
]


def given(events: list[DeviceEvent]) -> Device:
    device = None
    for event in events:
        device = evolve(device, event)
    assert device is not None
    return device


DECISIONS: list[tuple[list[DeviceEvent], c.DeviceCommand, tuple[DeviceEvent, ...]]] = [
    ([ROUTER], c.ConfigureBgp(device="r1", router=bgp()), (e.BgpConfigured(router=bgp()),)),
    ([ROUTER, e.BgpConfigured(router=bgp())], c.ConfigureBgp(device="r1", router=bgp()), ()),
    ([ROUTER, e.BgpConfigured(router=bgp())], c.RemoveBgp(device="r1"), (e.BgpRemoved(as_number=65001),)),
    ([ROUTER], c.RemoveBgp(device="r1"), ()),
    ([ROUTER, e.BgpConfigured(router=bgp()), e.BgpRemoved(as_number=65001)], c.RemoveBgp(device="r1"), ()),
    ([ROUTER], c.ConfigureEigrp(device="r1", process=eigrp()), (e.EigrpConfigured(process=eigrp()),)),
    ([ROUTER, e.EigrpConfigured(process=eigrp())], c.ConfigureEigrp(device="r1", process=eigrp()), ()),
    (
        [ROUTER, e.EigrpConfigured(process=eigrp())],
        c.RemoveEigrp(device="r1", as_number=100),
        (e.EigrpRemoved(as_number=100),),
    ),
    (
        [ROUTER, e.EigrpConfigured(process=eigrp()), e.EigrpRemoved(as_number=100)],
        c.RemoveEigrp(device="r1", as_number=100),
        (),
    ),
    ([SWITCH], c.ConfigureAccessList(device="r1", access_list=acl()), (e.AccessListConfigured(access_list=acl()),)),
    ([SWITCH, e.AccessListConfigured(access_list=acl())], c.ConfigureAccessList(device="r1", access_list=acl()), ()),
    (
        [ROUTER, e.AccessListConfigured(access_list=acl())],
        c.RemoveAccessList(device="r1", name="EDGE"),
        (e.AccessListRemoved(name="EDGE"),),
    ),
    ([ROUTER], c.RemoveAccessList(device="r1", name="EDGE"), ()),
    (
        [ROUTER, *USED, e.AccessListConfigured(access_list=acl("OTHER")), e.AccessListRemoved(name="OTHER")],
        c.RemoveAccessList(device="r1", name="OTHER"),
        (),
    ),
]


@pytest.mark.parametrize(("events", "command", "expected"), DECISIONS)
def test_a_command_makes_the_events_that_change_something(
    events: list[DeviceEvent], command: c.DeviceCommand, expected: tuple[DeviceEvent, ...]
) -> None:
    assert decide("net", given(events), command) == expected


REFUSALS: list[tuple[list[DeviceEvent], c.DeviceCommand, type[DomainError], str, str]] = [
    ([SWITCH], c.ConfigureBgp(device="r1", router=bgp()), RuleViolated, "r1", "enable routing first"),
    ([SWITCH], c.RemoveEigrp(device="r1", as_number=1), RuleViolated, "r1", "enable routing first"),
    ([LAYER_3, e.BgpConfigured(router=bgp())], c.DisableRouting(device="r1"), RuleViolated, "r1", "routing protocol"),
    (
        [LAYER_3, e.EigrpConfigured(process=eigrp())],
        c.DisableRouting(device="r1"),
        RuleViolated,
        "r1",
        "routing protocol",
    ),
    (
        [ROUTER, *USED],
        c.RemoveAccessList(device="r1", name="EDGE"),
        AccessListInUse,
        "access list EDGE",
        "edge GigabitEthernet0/0 uses",
    ),
    (
        [ROUTER, e.AccessListConfigured(access_list=acl())],
        c.ConfigureRouterInterface(device="r1", interface=PORT, configuration=interface(access_group_out="EGDE")),
        AccessListNotFound,
        "access list EGDE",
        "did you mean EDGE?",
    ),
    (
        [ROUTER],
        c.ConfigureRouterInterface(device="r1", interface=PORT, configuration=interface(access_group_in="10")),
        AccessListNotFound,
        "access list 10",
        "which edge does not have",
    ),
]


@pytest.mark.parametrize(("events", "command", "error", "subject", "words"), REFUSALS)
def test_a_command_that_breaks_a_rule_is_refused(
    events: list[DeviceEvent], command: c.DeviceCommand, error: type[DomainError], subject: str, words: str
) -> None:
    with pytest.raises(error, match=words) as refused:
        decide("net", given(events), command)
    assert refused.value.subject == subject


def test_a_refusal_to_remove_an_access_list_tells_who_uses_it() -> None:
    with pytest.raises(AccessListInUse) as refused:
        decide("net", given([ROUTER, *USED]), c.RemoveAccessList(device="r1", name="EDGE"))
    assert refused.value.users == ("GigabitEthernet0/0",)


def change(*commands: c.Command) -> None:
    network = Network("net", created=True, devices={"r1": given([ROUTER])})
    working = Working(network)
    for command in commands:
        working.execute(command)
    working.finish()


LOOPBACK = RoutedInterface(addresses=(IPv4Interface("10.0.0.1/32"),))


def test_protocols_may_name_interfaces_that_come_later_in_the_same_change() -> None:
    change(
        c.ConfigureBgp(device="r1", router=bgp(source="Loopback0")),
        c.ConfigureEigrp(device="r1", process=eigrp("Loopback0")),
        c.ConfigureRouterInterface(device="r1", interface="Loopback0", configuration=LOOPBACK),
    )


@pytest.mark.parametrize(
    ("commands", "error", "subject", "words"),
    [
        (
            [
                c.ConfigureBgp(device="r1", router=bgp(peer="10.0.0.1")),
                c.ConfigureRouterInterface(device="r1", interface="Loopback0", configuration=LOOPBACK),
            ],
            RuleViolated,
            "edge bgp 10.0.0.1",
            "the BGP neighbour 10.0.0.1 is edge Loopback0 itself",
        ),
        (
            [c.ConfigureBgp(device="r1", router=bgp(source="Loopback0"))],
            NotFound,
            "edge bgp 192.0.2.2",
            "names Loopback0",
        ),
        (
            [c.ConfigureEigrp(device="r1", process=eigrp("Loopback0"))],
            NotFound,
            "edge eigrp 100",
            "EIGRP 100 of edge names",
        ),
    ],
)
def test_what_protocols_say_of_interfaces_holds_at_the_end_of_a_change(
    commands: list[c.Command], error: type[DomainError], subject: str, words: str
) -> None:
    with pytest.raises(error, match=words) as refused:
        change(*commands)
    assert refused.value.subject == subject
