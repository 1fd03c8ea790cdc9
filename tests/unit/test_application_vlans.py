"""VLANs over switches by the facade: one request each, previewed, and listed."""

from collections.abc import Callable

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.vlan_list import ports_text
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, Endpoint, PortConfiguration, RoutedInterface, TrunkMode
from cimnet_nornir.errors import DeviceNotFound, InvalidValue, NotFound, VlanInUse

ServiceMaker = Callable[..., NetworkService]
PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(1, 5))
SW3 = {"details": {"vendor": "cisco", "platform": "ios"}, "ports": PORTS}


@pytest.fixture
def linked(small: NetworkService) -> NetworkService:
    """The small network with a cable from sw1 to sw2."""
    small.execute(c.ConnectLink(a=Endpoint(device="sw1", port=PORTS[1]), b=Endpoint(device="sw2", port=PORTS[1])))
    return small


def test_a_vlan_on_all_switches_is_one_request(linked: NetworkService) -> None:
    result = linked.create_vlan(100, "lab")
    assert [(item.aggregate_id, item.type) for item in result.events[1:]] == [
        ("device:net/sw1", "VlanCreated"),
        ("device:net/sw2", "VlanCreated"),
        ("device:net/sw1", "PortConfigured"),
        ("device:net/sw2", "PortConfigured"),
    ]
    request = result.events[0].event
    assert request.model_dump() == {
        "command": "vlan create",
        "arguments": {"vlan": 100, "name": "lab", "on": "all"},
    }
    assert linked.create_vlan(100).events == ()


def test_a_preview_records_nothing(linked: NetworkService) -> None:
    head = linked.store.head()
    assert len(linked.preview_create_vlan(100, on=("sw1", "SW2"))) == 4
    linked.create_vlan(100, on=("sw1", "sw2"))
    assert len(linked.preview_remove_vlan(100)) == 4
    assert len(linked.preview_remove_vlan(100, on=["sw2"])) == 3
    assert linked.store.head() == head + 5


def test_removing_takes_all_of_it_back(linked: NetworkService) -> None:
    before = linked.network()
    linked.create_vlan(100)
    linked.remove_vlan(100)
    assert linked.network() == before
    with pytest.raises(NotFound, match="no switch of net has VLAN 100"):
        linked.remove_vlan(100)


def test_a_vlan_in_use_stays(linked: NetworkService) -> None:
    with pytest.raises(VlanInUse, match=r"sw1 Gi0/1 \(access port\)"):
        linked.remove_vlan(10)


def test_what_cannot_be_is_refused_in_one_line(linked: NetworkService) -> None:
    with pytest.raises(InvalidValue, match=r"^vlan: VLAN ids are 1 to 4094, not 5000$") as caught:
        linked.create_vlan(5000)
    assert caught.value.subject == "vlan"
    with pytest.raises(InvalidValue, match=r"^VLAN 100 is created on one switch or more"):
        linked.create_vlan(100, on=())
    with pytest.raises(DeviceNotFound, match="no device 'sw9'"):
        linked.create_vlan(100, on=("sw9",))


def test_vlans_are_listed_with_switches_svis_and_ports(linked: NetworkService) -> None:
    linked.create_vlan(100, "lab")
    head = linked.store.head()
    interface = RoutedInterface.model_validate({"addresses": ["10.0.100.1/24"]})
    linked.execute(c.ConfigureRouterInterface(device="sw2", interface="Vlan100", configuration=interface))
    users, lab = linked.vlans()
    assert (users.vlan, users.name, users.continuous, users.parts) == (10, "users", True, (("sw1",),))
    assert users.switches[0].ports == {PORTS[0]: "untagged", PORTS[3]: "tagged"}
    assert (lab.vlan, lab.continuous, lab.parts) == (100, True, (("sw1", "sw2"),))
    assert [(switch.device, switch.name, dict(switch.ports)) for switch in lab.switches] == [
        ("sw1", "lab", {PORTS[1]: "tagged", PORTS[3]: "tagged"}),
        ("sw2", "lab", {PORTS[1]: "tagged"}),
    ]
    assert [switch.svi and str(switch.svi[0]) for switch in lab.switches] == [None, "10.0.100.1/24"]
    assert linked.vlans(head)[1].switches[1].svi is None


def test_a_vlan_in_parts_is_listed_so(linked: NetworkService) -> None:
    desk = PortConfiguration(switching=AccessMode(vlan=100))
    linked.create_vlan(100, "lab")
    for switch in ("sw1", "sw2"):
        linked.execute(c.ConfigurePort(device=switch, port=PORTS[2], configuration=desk))
    empty = PortConfiguration(switching=TrunkMode(allowed=frozenset()))
    linked.execute(c.ConfigurePort(device="sw1", port=PORTS[1], configuration=empty))
    lab = linked.vlans()[1]
    assert (lab.continuous, lab.parts) == (False, (("sw1",), ("sw2",)))


def test_ports_are_written_as_ranges() -> None:
    names = ("GigabitEthernet1/0/10", "GigabitEthernet1/0/9", "GigabitEthernet1/0/1", "TenGigabitEthernet1/1/1", "eno1")
    assert ports_text(names) == "Gi1/0/1, Gi1/0/9-10, Te1/1/1, eno1"
    assert ports_text(()) == ""


def test_a_switch_on_the_way_that_changes_meanwhile_is_taken_into_account(linked: NetworkService) -> None:
    linked.execute(c.AddSwitch.model_validate({**SW3, "device": "sw3", "name": "sw3"}))
    linked.execute(c.ConnectLink(a=Endpoint(device="sw2", port=PORTS[2]), b=Endpoint(device="sw3", port=PORTS[2])))
    linked.create_vlan(100, "lab")
    tries: list[bool] = []

    def decide(network: Network) -> tuple[c.Command, ...]:
        # Somebody else resets a trunk of the switch in the middle, which this decision reads and has not to change.
        if not tries:
            linked.acting(reason="meanwhile").execute(c.ResetPort(device="sw2", port=PORTS[2]))
        tries.append(PORTS[2] in network.devices["sw2"].switch_ports)
        return c.CreateVlanOnSwitches(vlan=100, switches=("sw1", "sw3")), c.CreateVlan(device="sw1", vlan=300)

    result = linked.change(decide, command="try", arguments={})
    assert tries == [True, False]
    assert [event.type for event in result.events] == ["ChangeRequested", "PortConfigured", "VlanCreated"]
    assert linked.vlans()[1].parts == (("sw1", "sw2", "sw3"),)
