"""`show running-config` and `show startup-config`, whole or in part."""

from typing import TYPE_CHECKING

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.device import Stamp
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.running import section_text

if TYPE_CHECKING:
    from cimnet_nornir.lab.command import Request


def _stamp(text: str, stamp: Stamp | None) -> list[str]:
    if stamp is None:
        return []
    by = f" by {stamp.user}" if stamp.user else ""
    return [f"! {text} at {stamp.at:%H:%M:%S} UTC {stamp.at:%a %b} {stamp.at.day} {stamp.at.year}{by}"]


def running(request: "Request") -> Outcome:
    device = request.device
    notes = [
        *_stamp("Last configuration change", device.changed),
        *_stamp("NVRAM config last updated", device.saved),
    ]
    body = "\n".join([*(["!", *notes] if notes else []), "!", device.running_config()])
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n{body}"


def running_interface(request: "Request") -> Outcome:
    """One interface's part, as `show running-config interface X` prints it."""
    device = request.device
    line = device.running.get("interface", request.values["name"])
    if line is None:
        return Invalid(request.match.columns["name"])
    body = "\n".join(["!", *section_text(line, device), "end"])
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n{body}\n"


def startup(request: "Request") -> Outcome:
    text = request.device.startup
    if not text:
        return "startup-config is not present"
    return f"Using {len(text)} out of 524288 bytes\n!\n{text}"
