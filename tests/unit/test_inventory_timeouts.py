"""Timeouts as they are written in settings."""

from typing import Any

import pytest

from cimnet_nornir.errors import SettingsError
from cimnet_nornir.inventory.timeouts import Timeouts


def test_what_is_not_said_keeps_its_default() -> None:
    assert Timeouts.of(None) == Timeouts()
    assert Timeouts.of({"line": 2}) == Timeouts(line=2)
    assert Timeouts(connect=5).login == 10


@pytest.mark.parametrize("options", [{"lines": 2}, {"line": "2 s"}, {"line": 0}, {"line": True}, [1], "fast"])
def test_odd_timeouts_are_refused_in_one_line(options: Any) -> None:
    with pytest.raises(SettingsError, match=r"^timeouts: .*"):
        Timeouts.of(options)
