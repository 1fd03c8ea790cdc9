"""Equal values of many devices, kept once."""

from copy import deepcopy
from dataclasses import fields

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.values import AccessMode, PortConfiguration
from cimnet_nornir.projections.intent import load_intent, save
from cimnet_nornir.projections.sharing import Sharing

PORT = "GigabitEthernet0/2"


def test_sharing_changes_no_value_and_no_type(small: NetworkService) -> None:
    sharing = Sharing()
    for device in small.network().devices.values():
        before = deepcopy(device)
        sharing.share(device)
        assert device == before
        for item in fields(device):
            assert repr(getattr(device, item.name)) == repr(getattr(before, item.name))


def test_ports_configured_alike_are_one_object(small: NetworkService) -> None:
    alike = PortConfiguration(switching=AccessMode(vlan=10), description="printer")
    for device in ("sw1", "sw2"):
        if device == "sw2":
            small.execute(c.CreateVlan(device="sw2", vlan=10))
        small.execute(c.ConfigurePort(device=device, port=PORT, configuration=alike))
    save(small.store, small.intent())
    for network in (small.network(), load_intent(small.store, "net", until=small.store.head()).network):
        one, other = network.devices["sw1"], network.devices["sw2"]
        assert one.switch_ports[PORT] is other.switch_ports[PORT]
        assert one.ports is other.ports
        assert one.switch_ports is not other.switch_ports


def test_a_change_of_one_device_leaves_those_it_shares_with_alone(small: NetworkService) -> None:
    alike = PortConfiguration(description="printer")
    small.execute(*(c.ConfigurePort(device=device, port=PORT, configuration=alike) for device in ("sw1", "sw2")))
    save(small.store, small.intent())
    small.execute(c.ConfigurePort(device="sw1", port=PORT, configuration=PortConfiguration(description="camera")))
    devices = small.network().devices
    assert devices["sw1"].switch_ports[PORT].description == "camera"
    assert devices["sw2"].switch_ports[PORT].description == "printer"
