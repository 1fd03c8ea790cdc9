"""EIGRP in named mode: what it refuses by itself, and what of it must fit the rest of the device."""

from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.eigrp_named import EigrpNamed
from cimnet_nornir.domain.routing_values import EigrpProcess
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.errors import CimnetError, PortNotFound, RuleViolated

PORT = "GigabitEthernet0/0"


def process(name: str, *families: dict[str, Any]) -> EigrpNamed:
    return EigrpNamed.model_validate({"name": name, "families": families})


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ({"interfaces": [{"interface": "default"}]}, "nothing is said of default"),
        (
            {"interfaces": [{"interface": PORT, "passive": True}, {"interface": "gi0/0", "hold_time": 9}]},
            "stands here twice",
        ),
        ({"redistribution": [{"source": "static"}, {"source": "static", "tag": 1}]}, "stands here twice"),
        ({"stub": ["receive-only", "static"]}, "only receives"),
    ],
)
def test_what_does_not_fit_a_family_is_refused(family: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        process("CAMPUS", {"as_number": 100, **family})


def test_a_process_has_a_family_for_each_table() -> None:
    assert len(process("A", {"as_number": 1}, {"as_number": 1, "vrf": "RED"}).families) == 2
    with pytest.raises(ValidationError, match="one family for each VRF"):
        process("A", {"as_number": 1}, {"as_number": 2})
    with pytest.raises(ValidationError, match="pattern"):
        process("100", {"as_number": 1})


@pytest.mark.parametrize(
    ("setting", "error", "words"),
    [
        (process("B", {"as_number": 100}), RuleViolated, "another process has AS 100"),
        (process("B", {"as_number": 200}), RuleViolated, "another process has AS 200"),
        (
            process("B", {"as_number": 1, "interfaces": [{"interface": "lo7", "passive": True}]}),
            PortNotFound,
            "names Loopback7",
        ),
    ],
)
def test_what_does_not_fit_the_device_is_refused(setting: EigrpNamed, error: type[CimnetError], words: str) -> None:
    device = Device("net", "r1", "r1", DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"), (PORT,))
    device.eigrp = {100: EigrpProcess(as_number=100)}
    device.features = {each.identity: each for each in (process("A", {"as_number": 200}), setting)}
    with pytest.raises(error, match=words):
        setting.check(device)
