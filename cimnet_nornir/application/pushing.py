"""How a plan is pushed: by what, who takes a change back where it fails, and for how long a device waits for a yes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cimnet_nornir.application.plan import DevicePlan
from cimnet_nornir.errors import InvalidInput

Method = Literal["netmiko", "napalm"]
Guard = Literal["", "revert timer", "reload timer", "lines"]
"""Who takes a change back that nobody confirms; "" where that is asked for, and the device cannot."""

LEAST_MINUTES, MOST_MINUTES = 1, 120


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What whoever pushes may choose. Raises InvalidInput for minutes that IOS has no timer for.

    `method` is what carries the lines. NAPALM merges them or replaces the whole configuration (`mode`), and transfers
    a file by SCP or `inline`. `minutes` are those after which a device takes back what nobody confirmed (IOS counts
    whole minutes, 1 to 120). `fallback` is for devices without a revert timer: "lines" takes a change back by lines
    that are sent, "reload" lets the device reload into its startup configuration where nobody stops it, "refuse" pushes
    nothing to them. `on_failure` says whether a change that failed is taken back, or kept as far as it came. With
    `transaction` the change is kept on all devices or taken back on all. `allow_cut` sends what cuts the way to the
    device all the same.
    """

    method: Method = "netmiko"
    mode: Literal["merge", "replace"] = "merge"
    transfer: Literal["scp", "inline"] = "scp"
    minutes: int = 5
    fallback: Literal["lines", "reload", "refuse"] = "lines"
    on_failure: Literal["revert", "keep"] = "revert"
    transaction: bool = False
    allow_cut: bool = False

    def __post_init__(self) -> None:
        if not LEAST_MINUTES <= self.minutes <= MOST_MINUTES:
            raise InvalidInput(
                f"a device waits {LEAST_MINUTES} to {MOST_MINUTES} minutes for a confirmation, not {self.minutes}",
                subject="minutes",
            )

    def guard(self, device: DevicePlan) -> Guard:
        """Who takes a change to this device back where nobody confirms it."""
        if device.timer:
            return "revert timer"
        fallbacks: Mapping[str, Guard] = {"lines": "lines", "reload": "reload timer", "refuse": ""}
        return fallbacks[self.fallback]
