"""What simulated devices show of golden cases, read in: nothing is lost, and the settings of the intent are in it."""

import pytest

from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.ios.reading import read_configuration
from cimnet_nornir.ios.references import revealed
from tests.golden_features import CASES, GENERATOR, FeatureCase
from tests.lab_typing import lab_device, ports_of, type_lines

# What no feature models, or the device learned by itself: kept word for word.
KEPT = ("hold-queue ", "switchport port-security mac-address sticky ")


@pytest.mark.parametrize("name", CASES)
def test_what_a_device_shows_is_read_in_whole(name: str) -> None:
    case = FeatureCase(name)
    model = case.device.details.model
    device = lab_device(case.profile, case.read("running.cfg"), ports_of(case.intended, case.running), model=model)
    type_lines(device, revealed(case.remediation.text(), case.secrets.get))
    details = DeviceDetails(vendor="cisco", platform=case.profile.platform, model=model)
    reading = read_configuration(device.running_config(), GENERATOR, name="x", details=details, place="file:")
    assert (reading.left, reading.surplus) == ((), ())
    assert [line.path for line in reading.lines if line.how == "adopted" and not _is_kept(line.path[-1])] == []


def _is_kept(line: str) -> bool:
    return line.startswith(KEPT)
