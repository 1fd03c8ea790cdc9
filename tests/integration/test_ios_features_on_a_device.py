"""The golden cases of features, typed on a simulated device: it refuses no line, and then runs what is intended."""

import pytest

from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.references import revealed
from cimnet_nornir.ios.remediation import remediate
from cimnet_nornir.ios.told import with_unshown
from cimnet_nornir.ios.tree import Config, parse_config
from cimnet_nornir.lab.device import Device
from tests.golden_features import CASES, FeatureCase
from tests.lab_typing import lab_device, ports_of, type_lines


def _running(device: Device, case: FeatureCase, sent: Config | None) -> Config:
    """What the device shows, and what it does not show but was sent."""
    return with_unshown(normalise(parse_config(device.running_config()), case.profile), sent)


@pytest.mark.parametrize("name", CASES)
def test_a_device_takes_every_line_there_and_back(name: str) -> None:
    case = FeatureCase(name)
    device = lab_device(
        case.profile,
        case.read("running.cfg"),
        ports_of(case.intended, case.running),
        model=case.device.details.model,
    )
    before = _running(device, case, case.formerly)
    remediation = case.needed(before)
    assert type_lines(device, revealed(remediation.text(), case.secrets.get)) == []

    after = _running(device, case, case.intended)
    assert case.needed(after, pushed=True).lines() == ()

    back = remediate(after, before, case.profile, formerly=after)
    assert type_lines(device, revealed(back.text(), case.secrets.get)) == []
    assert remediate(_running(device, case, before), before, case.profile).lines() == ()
