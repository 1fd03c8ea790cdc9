"""The state of devices in words."""

import pytest

from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.application.status_words import rate_words, remark_words, uptime_words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "-"), (0, "< 1 min"), (59.9, "< 1 min"), (60, "1 min"), (3_900, "1 h 5 min"), (90_000, "1 d 1 h")],
)
def test_an_uptime_has_no_seconds(seconds: float | None, said: str) -> None:
    assert uptime_words(seconds) == said


@pytest.mark.parametrize(
    ("bits", "said"),
    [(None, "-"), (0, "0"), (999.4, "999"), (999.5, "1.0k"), (47_512, "47.5k"), (99_960, "100k"), (439_000, "439k"),
     (999_600, "1.0M"), (12_500_000, "12.5M"), (1.2e9, "1.2G"), (4e11, "400G"), (2e12, "2000G")],
)  # fmt: skip
def test_a_rate_takes_no_more_than_five_places(bits: float | None, said: str) -> None:
    assert rate_words(bits) == said


@pytest.mark.parametrize(
    "reason", ["acc2: cannot be reached: refused", "acc2 cannot be reached:\n refused", "cannot be reached: refused"]
)
def test_a_remark_does_not_repeat_the_devices_name(reason: str) -> None:
    status = DeviceStatus(device="acc2", name="acc2", kind="switch", reason=reason, drift=1, pending=True)
    assert remark_words(status) == "cannot be reached: refused; 1 line of drift; change pending"
