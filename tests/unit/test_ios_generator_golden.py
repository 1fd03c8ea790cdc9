"""Each folder of tests/golden/render holds the intent for a device and the configuration that it must become."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import ConfigurationGenerator, IosGenerator

CASES = sorted(path for path in (Path(__file__).parent.parent / "golden" / "render").iterdir() if path.is_dir())


def read_device(case: Path) -> Device:
    return TypeAdapter(Device).validate_json((case / "intent.json").read_text())


@pytest.fixture(scope="module")
def generator() -> ConfigurationGenerator:
    return IosGenerator(TemplateBundle.load())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_intent_becomes_the_configuration_that_is_expected(case: Path, generator: ConfigurationGenerator) -> None:
    device = read_device(case)
    network = Network("campus", created=True, devices={device.id: device})
    assert generator.generate(device, network) == (case / "rendered.cfg").read_text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_order_in_which_intent_was_recorded_does_not_show(case: Path, generator: ConfigurationGenerator) -> None:
    device = read_device(case)
    device.vlans = dict(reversed(device.vlans.items()))
    device.switch_ports = dict(reversed(device.switch_ports.items()))
    device.interfaces = dict(reversed(device.interfaces.items()))
    device.port_channels = dict(reversed(device.port_channels.items()))
    device.ospf = dict(reversed(device.ospf.items()))
    device.routes = tuple(reversed(device.routes))
    device.eigrp = dict(reversed(device.eigrp.items()))
    device.access_lists = dict(reversed(device.access_lists.items()))
    if device.bgp is not None:
        bgp = device.bgp
        changes = {"neighbors": tuple(reversed(bgp.neighbors)), "networks": tuple(reversed(bgp.networks))}
        device.bgp = bgp.model_copy(update=changes)
    assert generator.generate(device, Network("campus")) == (case / "rendered.cfg").read_text()
