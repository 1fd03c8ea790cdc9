"""What two readings differ in becomes intent; fields in which they agree keep what intent says of them."""

from collections.abc import Callable
from copy import deepcopy

from cimnet_nornir.domain.adopting import adopted
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.ntp import NtpKey
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode

NetworkOf = Callable[[str], Network]
DEVICES = """\
devices:
  sw1:
    ports: GigabitEthernet0/1-2
    interfaces:
      GigabitEthernet0/1: {mode: access, vlan: 10, description: desk}
      GigabitEthernet0/2: {mode: access, vlan: 20, description: phone}
"""


def sw1(network_of: NetworkOf) -> Device:
    (device,) = network_of(DEVICES).devices.values()
    return device


def with_features(device: Device, *settings: Setting) -> Device:
    found = deepcopy(device)
    found.features = {setting.identity: setting for setting in settings}
    return found


def block(*lines: str, name: str = "logging", section: tuple[str, ...] = ()) -> ConfigurationBlock:
    return ConfigurationBlock(name=name, section=section, lines=lines)


def test_where_readings_agree_intent_stays_as_it_is(network_of: NetworkOf) -> None:
    present, read = sw1(network_of), sw1(network_of)
    read.switch_ports.clear()
    assert adopted(present, read, deepcopy(read)) == present


def test_a_field_that_differs_comes_and_its_neighbours_stay(network_of: NetworkOf) -> None:
    present, before, after = sw1(network_of), sw1(network_of), sw1(network_of)
    name = "GigabitEthernet0/1"
    # A change that waits: no reading knows of it.
    present.switch_ports[name] = present.switch_ports[name].model_copy(update={"switching": AccessMode(vlan=20)})
    after.switch_ports[name] = after.switch_ports[name].model_copy(update={"description": "borrowed"})
    found = adopted(present, before, after).switch_ports
    assert found[name].description == "borrowed"
    assert found[name].switching == AccessMode(vlan=20)
    assert found["GigabitEthernet0/2"] == present.switch_ports["GigabitEthernet0/2"]


def test_what_is_gone_in_the_later_reading_is_gone(network_of: NetworkOf) -> None:
    present, before, after = sw1(network_of), sw1(network_of), sw1(network_of)
    present.vlans[30] = "waits"
    after.vlans = {number: name for number, name in after.vlans.items() if number != 20} | {50: "cameras"}
    found = adopted(present, before, after).vlans
    assert (20 in found, found[50], found[30]) == (False, "cameras", "waits")


def test_a_secret_keeps_the_reference_that_intent_has(network_of: NetworkOf) -> None:
    mine = NtpKey(number=1, secret="env:NTP")
    read = NtpKey(number=1, secret="file:inventory/secrets/sw1/ntp")
    other = NtpKey(number=2, secret="file:inventory/secrets/sw1/ntp-2")
    device = sw1(network_of)
    found = adopted(with_features(device, mine), with_features(device, read), with_features(device, read, other))
    assert set(found.features.values()) == {mine, other}


def test_blocks_are_known_by_what_stands_in_them(network_of: NetworkOf) -> None:
    device = sw1(network_of)
    mine, site = block("logging host 192.0.2.5"), block("banner", name="site")
    new = block("logging host 192.0.2.6")
    before = with_features(device, block("logging host 192.0.2.5", name="logging #2"), site)
    after = with_features(device, new, block("logging host 192.0.2.5", name="x"), site)
    found = adopted(with_features(device, mine), before, after).features
    # What a site's template brings is in both readings, and does not become intent.
    assert [each.lines for each in found.values() if isinstance(each, ConfigurationBlock)] == [mine.lines, new.lines]
    assert list(found) == ["configuration-block logging", "configuration-block logging #2"]


def test_a_block_whose_lines_are_gone_goes(network_of: NetworkOf) -> None:
    device = sw1(network_of)
    mine = block("logging host 192.0.2.5")
    assert adopted(with_features(device, mine), with_features(device, mine), device).features == {}
