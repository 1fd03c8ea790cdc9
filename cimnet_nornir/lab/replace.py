"""`configure replace`: the running configuration becomes what a file says, or nothing of it happens."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.diffs import commands, negated

if TYPE_CHECKING:
    from cimnet_nornir.lab.config import Section
    from cimnet_nornir.lab.device import Device
    from cimnet_nornir.lab.faults import Faults

INVALID_FILE: Final = "%The input file is not a valid config file."
ARCHIVE_OFF: Final = "%Please turn config archive on"
_STARS: Final = "********"


def is_complete(text: str) -> bool:
    """Whether IOS takes the file for a whole configuration: it has a `version` line and an `end`."""
    lines = [line.strip() for line in text.splitlines()]
    return "end" in lines and any(line.startswith("version ") for line in lines)


@dataclass(frozen=True, slots=True)
class Replacement:
    """What replacing the running configuration by a file comes to, before it is done."""

    target: "Device"
    commands: tuple[str, ...]
    failed: tuple[str, ...]


def prepared(device: "Device", text: str) -> Replacement:
    """What the file leads to; lines that a fault rejects or ignores, and removals of lines, do not happen."""
    wanted, failed = _without_faulty(device, text)
    target = device.with_configuration(wanted)
    # Compared with what the device would be that booted with its own configuration: secrets and defaults alike.
    now = device.with_configuration(device.running_config())
    kept = _keep(device.faults, now.running, target.running)
    refused = (line.strip() for line in target.rejected)
    return Replacement(target, tuple(commands(now.running, target.running)), (*failed, *refused, *kept))


def _keep(faults: "Faults", before: "Section", after: "Section") -> list[str]:
    """Put lines back whose removal a fault rejects or ignores; the removals that are rejected."""
    failed: list[str] = []
    for line in before:
        there = after.get(*line.key)
        if there is not None:
            failed += _keep(faults, line.section, there.section)
            continue
        removal = negated(line.text)
        if faults.rejects(removal) or faults.ignores(removal):
            after.put(line)
        if faults.rejects(removal):
            failed.append(removal)
    return failed


def _without_faulty(device: "Device", text: str) -> tuple[str, tuple[str, ...]]:
    faults = device.faults
    there = {line.strip() for line in device.running_config().splitlines()}
    kept: list[str] = []
    failed: list[str] = []
    for line in text.splitlines():
        bare = line.strip()
        if bare in there or not (faults.rejects(bare) or faults.ignores(bare)):
            kept.append(line)
        elif faults.rejects(bare):
            failed.append(bare)
    return "\n".join(kept) + "\n", tuple(failed)


def done_text(replacement: Replacement, *, listed: bool) -> str:
    """What IOS prints when all went well."""
    passes = 1 if replacement.commands else 0
    rows = ["!Pass 1", "", "!List of Rollback Commands:", *replacement.commands, "end", "", ""] if listed else []
    return "\n".join([*rows, f"Total number of passes: {passes}", "Rollback Done", ""])


def reverted_text(failed: tuple[str, ...], url: str) -> str:
    """What `revert trigger error` prints when a line failed and all is as it was."""
    return "\n".join(
        [
            f"Failed to apply command {failed[0]}",
            "Aborting Rollback.",
            "",
            f"Rollback failed.Reverting back to the original configuration: {url}",
            "Total number of passes: 1",
            "Rollback Done",
            "",
            "The original configuration has been successfully restored.",
            "",
        ]
    )


def aborted_text(failed: tuple[str, ...]) -> str:
    """What is printed without the trigger: the lines that work are in force, the others are listed."""
    return "\n".join(
        [
            "The rollback configlet from the last pass is listed below:",
            _STARS,
            "!List of Rollback Commands:",
            *failed,
            "end",
            _STARS,
            "",
            "",
            "Rollback aborted after 5 passes",
            "The following commands are failed to apply to the IOS image.",
            _STARS,
            *failed,
            _STARS,
            "",
        ]
    )
