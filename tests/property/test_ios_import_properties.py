"""Whatever intent a device has: its configuration, read in, is the same intent again."""

import os
from dataclasses import replace
from typing import TypeVar

from hypothesis import Phase, given, settings

from cimnet_nornir.domain.access_lists import AccessList
from cimnet_nornir.domain.desired import DesiredDevice
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.restoring import desired_device
from cimnet_nornir.domain.routing_values import BgpRouter, EigrpProcess
from cimnet_nornir.domain.values import PortConfiguration, SpanningTree
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine
from tests.property.test_definition_round_trip import networks

ENGINE = IosEngine(TemplateBundle.load(None))
_USUAL_PRIORITY = 32768
Process = TypeVar("Process", BgpRouter, EigrpProcess)
# Without shrinking, which takes minutes here.
QUICK = settings(
    max_examples=int(os.environ.get("IOS_EXAMPLES", "8")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def taken_in(device: Device, text: str) -> Device:
    """The device that a configuration tells of, none of its lines lost."""
    reading = ENGINE.read(text, name="x", details=device.details, place="file:secrets/")
    assert (reading.left, reading.surplus) == ((), ())
    lines = ENGINE.account(text, reading)
    assert not [line for line in lines if line.how in ("adopted", "unknown")]
    return reading.device


def said(device: DesiredDevice) -> DesiredDevice:
    """What a configuration can say of a device: no sequence numbers, no order, nothing that holds by itself."""
    tree = device.spanning_tree or SpanningTree()
    # Members of a bundle look as the bundle does.
    members = {port for channel in device.port_channels.values() for port in channel.members}
    told = {name: port for name, port in device.switch_ports.items() if name not in members}
    unusual = {vlan: number for vlan, number in tree.priorities.items() if number != _USUAL_PRIORITY}
    return replace(
        device,
        id="",
        ports=(),
        routes=tuple(sorted(device.routes, key=str)),
        spanning_tree=tree.model_copy(update={"priorities": unusual}),
        switch_ports={name: port for name, port in told.items() if port != PortConfiguration()},
        access_lists={name: _renumbered(acl) for name, acl in device.access_lists.items()},
        eigrp={number: _in_order(process) for number, process in device.eigrp.items()},
        bgp=None if device.bgp is None else _in_order(device.bgp),
    )


def _in_order(value: Process) -> Process:
    """A process with its lists in one order: to a device theirs means nothing."""
    lists = {name: tuple(sorted(item, key=str)) for name, item in value if isinstance(item, tuple)}
    return value.model_copy(update=lists)


def _renumbered(acl: AccessList) -> AccessList:
    entries = (entry.model_copy(update={"sequence": index}) for index, entry in enumerate(acl.entries, 1))
    return acl.model_copy(update={"entries": tuple(entries)})


@QUICK
@given(networks())
def test_what_is_rendered_and_read_in_is_the_same_intent_again(network: Network) -> None:
    for device in network.devices.values():
        if device.is_host:
            continue
        text = ENGINE.render(device, network)
        again = taken_in(device, text)
        assert said(desired_device(again)) == said(desired_device(device))
        assert set(again.ports) <= set(device.ports)
        comparison = ENGINE.compare(again, text, ENGINE.render(again, Network("n", created=True)))
        assert (comparison.commands, comparison.unmodelled) == ((), ())
