"""How a plan is pushed: by what, who takes a change back where it fails, and for how long a device waits for a yes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Self, get_args, get_type_hints

from cimnet_nornir.application.plan import DevicePlan
from cimnet_nornir.application.waves import parse_max_failures, parse_waves
from cimnet_nornir.errors import InvalidInput, SettingsError

Method = Literal["netmiko", "napalm"]
Guard = Literal["", "revert timer", "reload timer", "lines"]
"""Who takes a change back that nobody confirms; "" where that is asked for, and the device cannot."""

_RIGHT = {int: "a number", bool: "true or false", str: "a text", tuple: "a list"}
LEAST_MINUTES, MOST_MINUTES = 1, 120


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What whoever pushes may choose. Raises InvalidInput for minutes that IOS has no timer for.

    `method` is what carries the lines. NAPALM merges them or replaces the whole configuration (`mode`), and transfers
    a file by SCP or `inline`. `confirm_within` are the minutes after which a device takes back what nobody confirmed
    (IOS counts whole ones, 1 to 120). `fallback` is for devices without a revert timer: "lines" takes a change back by
    lines that are sent, "reload" lets the device reload into its startup configuration where nobody stops it, "refuse"
    pushes nothing to them. `on_failure` says whether a change that failed is taken back, or kept as far as it came.
    With `transaction` the change is kept on all devices or taken back on all. `allow_cut` sends what cuts the way to
    the device all the same.

    `canary` are host names that go first, alone; then come the `waves` ("10%,50%,100%"; all at once without), until
    `max_failures` of them failed ("2" devices in all, or "25%" of each wave).
    """

    method: Method = "netmiko"
    mode: Literal["merge", "replace"] = "merge"
    transfer: Literal["scp", "inline"] = "scp"
    confirm_within: int = 5
    fallback: Literal["lines", "reload", "refuse"] = "lines"
    on_failure: Literal["revert", "keep"] = "revert"
    transaction: bool = False
    allow_cut: bool = False
    canary: tuple[str, ...] = ()
    waves: str = ""
    max_failures: str = "0"

    def __post_init__(self) -> None:
        if not LEAST_MINUTES <= self.confirm_within <= MOST_MINUTES:
            raise InvalidInput(
                f"a device waits {LEAST_MINUTES} to {MOST_MINUTES} minutes to be confirmed, not {self.confirm_within}",
                subject="confirm_within",
            )
        if self.waves:
            parse_waves(self.waves)
        parse_max_failures(self.max_failures)

    @classmethod
    def of(cls, settings: Any) -> Self:
        """Options as they are written in settings. Raises SettingsError for an unknown name or an odd value."""
        given = {} if settings is None else settings
        hints = get_type_hints(cls)
        allowed = {item.name: () if item.name == "canary" else get_args(hints[item.name]) for item in fields(cls)}
        if not isinstance(given, Mapping) or set(given) - set(allowed):
            raise SettingsError(f"push: a mapping of {', '.join(allowed)} is wanted, not {given!r}", subject="push")
        given = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
        for name, value in given.items():
            kind = type(getattr(cls(), name))
            if (allowed[name] and value not in allowed[name]) or type(value) is not kind:
                right = " or ".join(map(str, allowed[name])) or _RIGHT[kind]
                raise SettingsError(f"push: {name} is {right}, not {value!r}", subject="push")
        try:
            return cls(**given)
        except InvalidInput as error:
            raise SettingsError(f"push: {error.message}", subject="push") from error

    def guard(self, device: DevicePlan) -> Guard:
        """Who takes a change to this device back where nobody confirms it."""
        if device.timer:
            return "revert timer"
        fallbacks: Mapping[str, Guard] = {"lines": "lines", "reload": "reload timer", "refuse": ""}
        return fallbacks[self.fallback]
