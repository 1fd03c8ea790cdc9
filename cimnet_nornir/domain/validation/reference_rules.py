"""Rules about names: what is asked for and is not there, and what is there and nobody asks for."""

from collections.abc import Iterator
from difflib import get_close_matches

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.references import Name, defined, uses
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.rules import AnyRule, device_rule


@device_rule("undefined-reference", "error", "A list or map is asked for that the device does not have.")
def undefined_reference(device: Device) -> Iterator[Problem]:
    """IOS takes such a line, and lets everything through, or nothing, as the place has it."""
    there = defined(device)
    told: set[tuple[Name, str]] = set()
    for use in uses(device):
        if use.name in there or (use.name, use.place) in told:
            continue
        told.add((use.name, use.place))
        near = get_close_matches(use.name.name, [name.name for name in there if name.kind == use.name.kind], n=1)
        right = f"{use.name.kind} {near[0]}" if near else f"define the {use.name}, or leave it out here"
        yield Problem(device.name, use.place, f"it asks for the {use.name}, which is not there", right)


@device_rule("unused-definition", "warning", "A list or map is there, and nobody asks for it.")
def unused_definition(device: Device) -> Iterator[Problem]:
    asked = {use.name for use in uses(device)}
    for name, place in defined(device).items():
        if name not in asked:
            yield Problem(device.name, place, f"nothing asks for the {name}", "use it, or take it away")


REFERENCE_RULES: tuple[AnyRule, ...] = (undefined_reference, unused_definition)
