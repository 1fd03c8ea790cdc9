"""VTP (Cisco, "Configuring VTP"): only a transparent switch, or one that is off, shows its VLANs and the domain."""

from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, render_line
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, store

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device


# What a server or client keeps in vlan.dat alone.
KEPT: Final = frozenset({"vtp mode", "vtp domain", "vtp version", "vtp pruning"})


def keep_vlans(device: "Device") -> None:
    """Write vlan.dat, which a switch has: its VLANs, and how it takes part in VTP."""
    if device.booting or "switching" not in device.profile.features:
        return
    kept = (line for line in device.running if not line.hidden and line.key[0] in {"vlan", *KEPT})
    lines = (f"vtp mode {device.vtp_mode}", *(text for line in kept for text in render_line(line)))
    device.storage.write_vlans("".join(f"{line}\n" for line in lines))


def _mode(change: Change) -> Outcome:
    mode = change.values["mode"]
    store(change)
    keep_vlans(change.device)
    label = "VTP Off mode" if mode == "off" else f"VTP {mode.upper()} mode"
    return f"Setting device to {label} for VLANS."


def _no_mode(change: Change) -> Outcome:
    change.section.drop("vtp mode")
    keep_vlans(change.device)
    return "Setting device to VTP SERVER mode for VLANS."


def _domain(change: Change) -> Outcome:
    new, old = change.values["domain"], change.section.value("vtp domain", name="domain")
    if new == old:
        return f"Domain name already set to {new}."
    store(change)
    return f"Changing VTP domain name from {old or 'NULL'} to {new}"


def _no_domain(_: Change) -> Outcome:
    """A domain is changed and never taken back."""
    return Invalid(len("no vtp "))


def _version(change: Change) -> Outcome:
    version = change.values["version"]
    if version == "3" and not change.section.has("vtp domain"):
        return "Cannot set the version to 3 because domain name is not configured"
    if change.device.vtp_mode == "client" and version != "3" and not change.device.booting:
        return "Cannot modify version in VTP client mode unless the system is in VTP version 3"
    return store(change)


def _password(change: Change) -> Outcome:
    """The password is kept with the VLANs; no configuration shows it."""
    password = change.values["password"]
    change.section.put(Line(("vtp password",), "", values={"password": password}, hidden=True))
    return f"Setting device VTP password to {password}"


def _no_password(change: Change) -> Outcome:
    change.section.drop("vtp password")
    return "Clearing device VTP password."


VTP: Final = (
    Rule(
        "vtp mode {mode: transparent|server|client|off}",
        101,
        needs="switching",
        effect=_mode,
        undo=_no_mode,
        default="vtp mode server",
    ),
    Rule("vtp domain <domain:word>", 100, needs="switching", effect=_domain, undo=_no_domain),
    Rule("vtp version {version: 1|2|3}", 102, needs="switching", default="vtp version 1", effect=_version),
    Rule(
        "vtp password <password:word> [{kind: hidden|secret}]",
        102,
        needs="switching",
        effect=_password,
        undo=_no_password,
    ),
    Rule("vtp pruning", 102, needs="switching"),
)
