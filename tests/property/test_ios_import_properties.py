"""Whatever intent a device has: its configuration, read in, is intent again that renders the same lines."""

from hypothesis import given, settings

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine
from tests.property.test_definition_round_trip import networks

ENGINE = IosEngine(TemplateBundle.load(None))


def taken_in(device: Device, text: str) -> Device:
    reading = ENGINE.read(text, name="x", details=device.details, place="file:secrets/")
    assert (reading.left, reading.surplus) == ((), ())
    assert not {line.how for line in ENGINE.account(text, reading)} & {"unknown"}
    return reading.device


@settings(max_examples=25, deadline=None)
@given(networks())
def test_what_is_rendered_comes_out_of_what_was_read(network: Network) -> None:
    for device in network.devices.values():
        if device.is_host:
            continue
        text = ENGINE.render(device, network)
        again = taken_in(device, text)
        comparison = ENGINE.compare(again, text, ENGINE.render(again, Network("n", created=True)))
        assert (comparison.commands, comparison.unmodelled) == ((), ())
