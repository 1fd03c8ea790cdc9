"""Lines that people come in by: the console, the auxiliary line, asynchronous and virtual terminal lines."""

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from cimnet_nornir.domain.features.aaa import require_aaa, uses_aaa
from cimnet_nornir.domain.features.fields import Line, Word
from cimnet_nornir.domain.features.model import SecretReference, Setting
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_LINES = re.compile(
    r"con 0|aux 0|(?P<kind>vty |)(?P<first>\d{1,4})(?: (?P<last>\d{1,4}))?|\d+(?:/\d+){1,2}(?: \d+(?:/\d+){1,2})?"
)
# IOS shows no range across the fifth and the sixth virtual terminal.
_SPLIT = 5
Protocol = Literal["all", "none", "telnet", "ssh", "lat", "mop", "nasi", "pad", "rlogin", "udptn", "v120"]


def _lines(value: str) -> str:
    text = " ".join(value.replace("console", "con").split())
    match = _LINES.fullmatch(text)
    if match is None:
        raise InvalidValue(f"{value!r} are no lines; write them like 'con 0', 'vty 0 4' or '1 16'", subject="lines")
    if match["first"] is not None and int(match["last"] or match["first"]) < int(match["first"]):
        raise InvalidValue(f"the lines {value!r} end before they begin", subject="lines")
    return text


class AccessClass(Value):
    """The access list of who comes in by a line, or where one may go from it; `vrf_also`: by interfaces in VRFs too."""

    name: Word
    vrf_also: bool = False


class Timeout(Value):
    """After how long without a key an EXEC session ends; 0 and 0 is never."""

    minutes: Annotated[int, Field(ge=0, le=35791)]
    seconds: Annotated[int, Field(ge=0, le=2147483)] = 0


class Synchronous(Value):
    """Messages wait until what is typed is done: up to which level, and how many."""

    level: Word | None = None
    limit: Annotated[int, Field(ge=0, le=2147483647)] | None = None


class Transport(Value):
    """The protocols by which one comes in at a line, and by which one goes out from it."""

    input: tuple[Protocol, ...] = ()
    output: tuple[Protocol, ...] = ()
    preferred: Protocol | None = None


class Lists(Value):
    """Lists of AAA that a line names: of sessions, and of commands by their level."""

    exec: Word | None = None
    commands: tuple[tuple[Annotated[int, Field(ge=0, le=15)], Word], ...] = ()


def _bits(value: object) -> object:
    """A number in a file is meant as the text that it is written with."""
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else value


class Port(Value):
    """How the characters of a serial line travel."""

    stop_bits: Annotated[Literal["1", "1.5", "2"], BeforeValidator(_bits)] = "2"
    speed: Annotated[int, Field(ge=0)] = 9600
    data_bits: Annotated[int, Field(ge=5, le=8)] = 8
    parity: Literal["none", "even", "odd", "space", "mark"] = "none"
    flow_control: Line = "none"
    modem: Word | None = None


class TerminalLine(Setting):
    """Lines of one kind, from the first to the last: "con 0", "aux 0", "vty 0 4", "2", "0/0/0 0/0/12".

    `login` says who is asked: the password of the line ("line"), local users ("local") or nobody ("none"); with AAA it
    is the list that `login_list` names. What is not said is as the image has it.
    """

    FEATURE: ClassVar[str] = "line"
    KEY: ClassVar[tuple[str, ...]] = ("lines",)

    lines: Annotated[str, AfterValidator(_lines)]
    access_in: AccessClass | None = None
    access_out: AccessClass | None = None
    ipv6_access_in: Word | None = None
    login: Literal["none", "line", "local"] | None = None
    login_list: Word | None = None
    password: SecretReference | None = None
    privilege: Annotated[int, Field(ge=0, le=15)] = 1
    authorization: Lists = Lists()
    accounting: Lists = Lists()
    exec_timeout: Timeout = Timeout(minutes=10)
    session_timeout: Annotated[int, Field(ge=0, le=35791)] = 0
    absolute_timeout: Annotated[int, Field(ge=0, le=10000)] = 0
    session_limit: Annotated[int, Field(ge=1)] | None = None
    transport: Transport = Transport()
    logging_synchronous: Synchronous | None = None
    escape_character: Word | None = None
    activation_character: bool = True
    hold_character: Word | None = None
    stop_character: Word | None = None
    exec: bool = True
    exec_banner: bool = True
    motd_banner: bool = True
    autocommand: Line | None = None
    rotary: Annotated[int, Field(ge=0, le=127)] | None = None
    history: Annotated[int, Field(ge=0, le=256)] = 20
    length: Annotated[int, Field(ge=0, le=512)] = 24
    width: Annotated[int, Field(ge=0, le=512)] = 80
    buffer_length: Annotated[int, Field(ge=1)] | None = None
    port: Port = Port()

    @property
    def is_virtual(self) -> bool:
        """Whether they are virtual terminals, which are asked for a password until they are told not to."""
        return self.lines.startswith("vty ")

    @property
    def headers(self) -> tuple[str, ...]:
        """The lines that open them in a configuration."""
        span = self._span
        if span is None or not self.is_virtual or not span[0] < _SPLIT <= span[1]:
            return (f"line {self.lines}",)
        first = f"{span[0]} {_SPLIT - 1}" if span[0] < _SPLIT - 1 else f"{_SPLIT - 1}"
        last = f"{_SPLIT} {span[1]}" if span[1] > _SPLIT else f"{_SPLIT}"
        return (f"line vty {first}", f"line vty {last}")

    @property
    def _span(self) -> tuple[int, int] | None:
        match = _LINES.fullmatch(self.lines)
        if match is None or match["first"] is None:
            return None
        return int(match["first"]), int(match["last"] or match["first"])

    def check(self, device: "Device") -> None:
        """Refuse lines that others are about too, and a login that does not go with AAA. Raises RuleViolated."""
        for other in device.settings_of(TerminalLine.FEATURE):
            if isinstance(other, TerminalLine) and other.lines != self.lines and self._overlaps(other):
                raise RuleViolated(
                    f"{device.name}: line {self.lines} and line {other.lines} overlap; each line is said once",
                    subject=f"{device.name} {self.identity}",
                )
        if self.login_list is not None or (self.authorization, self.accounting) != (Lists(), Lists()):
            require_aaa(device, self, f"a list for line {self.lines}")
        if self.login == "local" and uses_aaa(device):
            raise RuleViolated(
                f"{device.name}: line {self.lines} has login local, which no device with AAA takes; use login_list",
                subject=f"{device.name} {self.identity}",
            )

    def _overlaps(self, other: "TerminalLine") -> bool:
        mine, theirs = self._span, other._span  # noqa: SLF001 - it is one of its own kind
        if mine is None or theirs is None or self.is_virtual is not other.is_virtual:
            return False
        return mine[0] <= theirs[1] and theirs[0] <= mine[1]
