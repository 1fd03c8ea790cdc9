"""A recorded session: show commands and what a device answered, as it came, without what tells whose device it is.

The file is JSON, one line of the device a line, so that people can read it before they pass it on
(docs/how-to/record-a-device.md says what is in it).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.ios.scrubbing import Scrubber

FORMAT: Final = "cimnet-recording-1"
RUNNING: Final = "show running-config"

# What this project, NAPALM's ios driver and netmiko read from a device.
COMMANDS: Final = (
    "show version",
    RUNNING,
    "show startup-config",
    "show privilege",
    "show archive",
    "show archive config rollback timer",
    "show configuration lock",
    "show ip ssh",
    "show boot",
    "dir",
    "show vtp status",
    "show vlan brief",
    "show vlan all-ports",
    "show interfaces",
    "show interfaces status",
    "show ip interface brief",
    "show cdp neighbors detail",
    "show lldp neighbors detail",
    "show spanning-tree",
    "show ip route",
    "show ip ospf neighbor",
    "show ip bgp summary",
    "show ip eigrp neighbors",
    "show hosts",
    "show inventory",
)
# An empty line, and what a device says of a command that is unknown, incomplete, and ambiguous: none has an effect.
ERRORS: Final = ("", "show cimnet-nonsense", "show ip", "show i")
# Words of show commands that only read; `redirect`, `tee` and `append` write files.
_READS: Final = re.compile(r"(?:show|dir)(?: [^|]*)?(?:\| *(?:i|e|b|s|c)[a-z]* [^|]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One line that was sent, and all that came back: its echo, the answer and the prompt, with their line ends."""

    command: str
    wire: str = field(repr=False)

    @property
    def answer(self) -> str:
        """What stands between the echo and the prompt, as a session reads it."""
        text = self.wire.replace("\r", "")
        after = text[text.find(self.command) + len(self.command) :]
        return after[: after.rfind("\n") + 1].strip("\n")

    @property
    def prompt(self) -> str:
        """The last line: what the device shows when it waits for more."""
        return re.split(r"[\r\n]", self.wire)[-1]


@dataclass(frozen=True, slots=True)
class Recording:
    """A device's answers. `source` says whether it was one of a lab, or real; `scrubbed` counts what was replaced."""

    source: str
    platform: str
    kind: str
    client: str
    scrubbed: Mapping[str, int]
    exchanges: tuple[Exchange, ...]

    def answers(self) -> Mapping[str, str]:
        """The answer to each command."""
        return {exchange.command: exchange.answer for exchange in self.exchanges}

    @property
    def switches(self) -> bool:
        """Whether the device switches frames."""
        return self.kind in ("switch", "l3switch")

    def to_json(self) -> str:
        """The file, as people read it."""
        document = {
            "format": FORMAT,
            "source": self.source,
            "platform": self.platform,
            "kind": self.kind,
            "client": self.client,
            "scrubbed": dict(self.scrubbed),
            "exchanges": [
                {"command": exchange.command, "wire": exchange.wire.splitlines(keepends=True)}
                for exchange in self.exchanges
            ],
        }
        return json.dumps(document, indent=1, ensure_ascii=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of `to_json`. Raises InvalidInput for anything else."""
        try:
            raw: Mapping[str, Any] = json.loads(text)
            if raw["format"] != FORMAT:
                raise InvalidInput(f"this is no recording of the form {FORMAT!r}", subject="recording")
            exchanges = (Exchange(each["command"], "".join(each["wire"])) for each in raw["exchanges"])
            said = {name: str(raw[name]) for name in ("source", "platform", "kind", "client")}
            return cls(**said, scrubbed=dict(raw["scrubbed"]), exchanges=tuple(exchanges))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"this is no recording: {type(error).__name__}", subject="recording") from error


def scrubbed(recording: Recording, key: bytes, known: Mapping[str, Sequence[str]]) -> Recording:
    """The recording without what tells whose device it is; `key` is random, `known` are values by kind."""
    scrubber = Scrubber(key, known)
    # A command may name a neighbour: it is its own echo afterwards, too.
    sent = [exchange.command for exchange in recording.exchanges]
    texts = scrubber.scrub([*sent, *(exchange.wire for exchange in recording.exchanges)])
    exchanges = tuple(Exchange(*pair) for pair in zip(texts[: len(sent)], texts[len(sent) :], strict=True))
    return Recording(recording.source, recording.platform, recording.kind, recording.client, scrubber.counts, exchanges)


def commands_from(text: str) -> tuple[str, ...]:
    """The commands of a file, a line each; empty lines and those that begin with `#` or `!` say nothing.

    Raises InvalidInput for one that may do more than read.
    """
    found = tuple(line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] not in "#!")
    for command in found:
        if not _READS.fullmatch(command):
            raise InvalidInput(
                f"{command!r} is not recorded: only show and dir are, with include, exclude, begin, section or count",
                subject=command,
            )
    return found
