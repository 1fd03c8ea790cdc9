"""What a device says after a line, in one table: an error, a warning, a question, or nothing of importance.

The texts are those of Cisco's command references and of devices; what begins with `%` and stands in no row is an error,
so that an unknown refusal stops the push rather than passing for success.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Kind(StrEnum):
    """What an answer means for who sent the line."""

    ERROR = "error"  # the line was refused: stop
    QUESTION = "question"  # the device waits for an answer
    WARNING = "warning"  # done, and worth reading
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Answer:
    """A row: `pattern` is matched from the beginning of a line that is stripped of spaces, in any letter case."""

    kind: Kind
    pattern: str


ANSWERS: tuple[Answer, ...] = (
    # Messages of the log that come in between, with or without a time: "%SYS-5-CONFIG_I: Configured from console".
    Answer(Kind.WARNING, r"(?:[*.]?[A-Z][a-z]{2} .*: )?%[A-Z0-9_]+-[0-3]-[A-Z0-9_]+:"),
    Answer(Kind.NOISE, r"(?:[*.]?[A-Z][a-z]{2} .*: )?%[A-Z0-9_]+-[4-7]-[A-Z0-9_]+:"),
    Answer(Kind.QUESTION, r".*\[confirm\]$"),
    Answer(Kind.QUESTION, r".*(?:\[|\()(?:yes/no|y/n)(?:\]|\)):?\s*(?:\[\w+\]:?)?$"),
    Answer(Kind.QUESTION, r".*\? \[(?:yes|no)\]: ?$"),
    Answer(Kind.QUESTION, r"(?:Destination filename|Source filename|Address or name of remote host) \[.*\]\?$"),
    Answer(Kind.QUESTION, r"(?:Password|Enter new password|Confirm new password): ?$"),
    Answer(Kind.WARNING, r"%? ?Warning\b"),
    Answer(Kind.WARNING, r"%? ?(?:Access|Voice|Native) VLAN does not exist\. Creating vlan \d+"),
    Answer(Kind.WARNING, r"%Portfast (?:has been configured|will be configured)"),
    Answer(Kind.WARNING, r"% ?Interface \S+ (?:IPv[46] disabled and address\(es\)|IP address \S+) removed"),
    Answer(Kind.WARNING, r"% ?(?:IPv4 and IPv6|IPv[46]|IP) addresses from all interfaces in VRF \S+ have been removed"),
    Answer(Kind.WARNING, r"% ?Login disabled on line \d+, until 'password' is set"),
    Answer(Kind.WARNING, r"%? ?Default route without gateway"),
    Answer(Kind.WARNING, r"%? ?OSPF: Reference bandwidth is changed"),
    Answer(Kind.WARNING, r"% ?Only classful networks will be redistributed"),
    Answer(Kind.WARNING, r"% ?OSPF: Reload or use \"clear ip ospf process\""),
    Answer(Kind.WARNING, r"% ?Subinterface \S+ .* may (?:be|have)"),
    Answer(Kind.NOISE, r"% ?Generating \d+ bit RSA keys"),
    Answer(Kind.NOISE, r"% ?The key modulus size is"),
    Answer(Kind.NOISE, r"% ?Applying VLAN changes may take"),
    Answer(Kind.NOISE, r"%? ?No Rollback Confirmed Change pending"),
    Answer(Kind.NOISE, r"\^$"),
    Answer(Kind.ERROR, r"%? ?(?:Invalid input detected|Incomplete command|Ambiguous command|Unknown command)"),
    Answer(Kind.ERROR, r"%? ?(?:Command rejected|Command authorization failed|Authorization failed|Access denied)"),
    Answer(Kind.ERROR, r"%? ?Bad (?:mask|VLAN|IP address|secrets|passwords|hostname)"),
    Answer(Kind.ERROR, r"%? ?\S+ overlaps with "),
    Answer(Kind.ERROR, r"(?:Duplex|Speed) will not be set until |Policy map \S+ is already attached"),
    Answer(
        Kind.ERROR, r"%? ?(?:Duplicate|Insertion failed|Insert failed|Not allowed|Invalid|Cannot|Unable to|Error)\b"
    ),
    Answer(Kind.ERROR, r"%? ?VLAN #?\d+ and #?\d+ have an identical name"),
    Answer(Kind.ERROR, r"%? ?OSPF: (?:Key \d+ already exists|Invalid type for interface|router-id \S+ is in use)"),
    Answer(Kind.ERROR, r"%? ?IP routing not enabled"),
    Answer(Kind.ERROR, r"%? ?BGP is already running; AS is "),
    Answer(Kind.ERROR, r"Entry already running and cannot be modified"),
    Answer(Kind.ERROR, r"Configuration mode (?:is )?locked (?:exclusively )?by "),
    Answer(Kind.ERROR, r"(?:Failed to apply command|Aborting Rollback|Rollback (?:failed|aborted)|ERROR:)"),
    Answer(Kind.ERROR, r"%?The (?:input file is not a valid config file|rollback configlet from the last pass)"),
    Answer(Kind.ERROR, r"%?Please turn config archive on"),
)
# What is typed at a question, by how it begins or ends: what a plan says is meant, and Enter confirms. Where a device
# wants a word, only what is known here gets its yes.
REPLIES: tuple[tuple[str, str], ...] = (
    (r".*\[confirm\]$", ""),
    (r".*filename \[.*\]\?$", ""),
    (r"Dynamic mapping in use, do you want to delete all entries\?", "yes"),
    (r"Static entry in use, do you want to delete child entries\?", "yes"),
    (r"% ?Do you really want to remove these keys\?", "yes"),
    (r"Are you sure you want to do this\?", "yes"),
)
# Where a line is one of these, a device asks for a word, and a file that it merges cannot say it.
_WANTS_A_WORD = re.compile(r"no ip nat (?:inside|outside) source .+|crypto key zeroize.*|no crypto pki trustpoint .+")
_ORDER = (Kind.ERROR, Kind.QUESTION, Kind.WARNING, Kind.NOISE)
# The prompt and what was typed behind it come back too: "sw1(config-if)#description % Invalid input".
_PROMPT = re.compile(r"[\w.:/+-]+(?:\([\w.-]+\))?[#>]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came back after a line: the gravest kind, the line that says it, and every warning."""

    kind: Kind
    text: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether the device refused the line."""
        return self.kind is Kind.ERROR


def judge(output: str, *, command: str = "") -> Verdict:
    """Judge what came back after a line, its echo and the prompt included.

    `command` is what was typed: its lines are an echo where they come back bare, as those of a banner do.
    """
    typed = {line.strip() for line in command.split("\n")}
    judged = [(kind_of(line), line) for raw in output.splitlines() if (line := raw.strip()) and line not in typed]
    warnings = tuple(line for kind, line in judged if kind is Kind.WARNING)
    for kind in _ORDER:
        text = next((line for found, line in judged if found is kind), None)
        if text is not None:
            return Verdict(kind, text, warnings)
    return Verdict(Kind.NOISE)


def kind_of(line: str) -> Kind:
    """What one line of a device's answer is."""
    if _PROMPT.match(line):
        return Kind.NOISE
    for answer in ANSWERS:
        if _compiled(answer.pattern).match(line):
            return answer.kind
    return Kind.ERROR if line.startswith("%") else Kind.NOISE


def reply_to(question: str) -> str | None:
    """What is typed at a question; None where nobody has said what is right."""
    return next((reply for pattern, reply in REPLIES if _compiled(pattern).match(question)), None)


def wants_a_word(command: str) -> bool:
    """Whether a device may ask back after a command, and takes no Enter for an answer."""
    return _WANTS_A_WORD.fullmatch(command) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Only the facility of a log message is told by its letter case.
    return re.compile(pattern, 0 if "%[A-Z" in pattern else re.IGNORECASE)


@cache
def error_pattern() -> str:
    """The table as one regular expression for Netmiko's `error_pattern`, which searches all output with re.MULTILINE.

    It is anchored at the beginning of a line: a description that quotes an error, echoed behind the prompt, is none.
    """
    harmless = "|".join(_scoped(answer.pattern) for answer in ANSWERS if answer.kind is not Kind.ERROR)
    errors = "|".join(_scoped(answer.pattern) for answer in ANSWERS if answer.kind is Kind.ERROR)
    return rf"^(?!{_PROMPT.pattern}|[ \t]*(?:{harmless}))[ \t]*(?:%|{errors})"


def _scoped(pattern: str) -> str:
    return f"(?:{pattern})" if "%[A-Z" in pattern else f"(?i:{pattern})"
