"""Lines of a site's own templates, and which of them brings each."""

from collections.abc import Callable

import pytest

from cimnet_nornir.domain.network import Network
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine

SITE = {
    "cisco_ios/site.j2": b'snmp-server location hq\n!\n{% include "cisco_ios/house.j2" %}',
    "cisco_ios/house.j2": b"no ip http server\n!\n",
    "cisco_ios/switch_port.j2": (
        b'{% include "packaged/cisco_ios/switch_port.j2" %}\n storm-control broadcast level 1.00\n'
    ),
}
DEVICES = "devices:\n  sw1:\n    ports: [GigabitEthernet0/1]\n    interfaces: {GigabitEthernet0/1: {profile: user}}\n"


def causes(network: Network, site: dict[str, bytes]) -> dict[str, str]:
    engine = IosEngine(TemplateBundle(TemplateBundle.load().packaged, site))
    (device,) = network.devices.values()
    found = engine.site_causes(device, network)
    assert found.keys() == engine.site_paths(device, network)
    return {path[-1]: name for path, name in found.items()}


def test_each_line_is_of_the_innermost_template(network_of: Callable[[str], Network]) -> None:
    assert causes(network_of(DEVICES), SITE) == {
        "snmp-server location hq": "cisco_ios/site.j2",
        "no ip http server": "cisco_ios/house.j2",
        "storm-control broadcast level 1.00": "cisco_ios/switch_port.j2",
    }


def test_without_templates_of_a_site_there_are_no_such_lines(network_of: Callable[[str], Network]) -> None:
    assert causes(network_of(DEVICES), {}) == {}


@pytest.mark.parametrize("last", [b"{% macro lines() %}logging host 192.0.2.5{% endmacro %}"])
def test_a_template_that_others_cannot_do_without_is_told_by_them(
    network_of: Callable[[str], Network], last: bytes
) -> None:
    site = {
        "cisco_ios/macros.j2": last,
        "cisco_ios/site.j2": b'{% from "cisco_ios/macros.j2" import lines %}{{ lines() }}\n!\n',
    }
    assert causes(network_of(DEVICES), site) == {"logging host 192.0.2.5": "cisco_ios/site.j2"}
