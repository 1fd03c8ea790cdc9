"""The device itself: its services, clock, domain, name servers, banners, HTTP server and boot images."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from cimnet_nornir.domain.features.fields import InterfaceName, Line, Server, Tcp, Word
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue

# The character that ends every banner (ASCII 3), and how a device shows it.
_END_OF_BANNER = ("\x03", "^C")
# A banner is typed between two of one of these, so that its text must leave one.
_DELIMITERS = frozenset("#~@%$&|=")
_WEEKLY = r"(?:[1-4]|first|last) [A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2}:\d\d"
_DATED = r"[A-Z][a-z]{2} \d{1,2} \d{4} \d{1,2}:\d\d"
_MOMENT = re.compile(rf"{_WEEKLY}|{_DATED}")
_YEAR = re.compile(r" \d{4} ")


class Service(Setting):
    """A service of the whole device by the name that IOS has for it: "password-encryption", "timestamps log".

    `options` are the words behind it, such as "datetime msec localtime".
    """

    FEATURE: ClassVar[str] = "service"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Line, Field(pattern=r"^(?:timestamps (?:debug|log)|[a-z][a-z0-9-]*)$")]
    enabled: bool = True
    options: Line | None = None

    @model_validator(mode="after")
    def _options_of_what_runs(self) -> "Service":
        if self.options is not None and not self.enabled:
            raise InvalidValue(f"service {self.name} has options though it does not run", subject=self.name)
        return self


class TimeZone(Value):
    """A time zone by its name and how far it is from UTC."""

    name: Annotated[Word, Field(max_length=7)]
    hours: Annotated[int, Field(ge=-23, le=23)]
    minutes: Annotated[int, Field(ge=0, le=59)] = 0


def _moment(value: str) -> str:
    if not _MOMENT.fullmatch(value):
        raise InvalidValue(
            f"{value!r} is no moment of a year; write it like 'last Sun Mar 2:00' or 'Mar 26 2023 2:00'",
            subject="summer time",
        )
    return value


class SummerTime(Value):
    """When clocks go by another name and time: each year, or once where the moments name a year.

    Without moments it is from the second Sunday of March to the first of November. `minutes` is how far they go.
    """

    name: Annotated[Word, Field(max_length=7)]
    begins: Annotated[str, AfterValidator(_moment)] | None = None
    ends: Annotated[str, AfterValidator(_moment)] | None = None
    minutes: Annotated[int, Field(ge=1, le=1440)] | None = None

    @model_validator(mode="after")
    def _both_of_one_kind(self) -> "SummerTime":
        if (self.begins is None) is not (self.ends is None):
            raise InvalidValue("a summer time begins and ends, or says neither", subject=self.name)
        if self.begins and self.ends and bool(_YEAR.search(self.begins)) is not bool(_YEAR.search(self.ends)):
            raise InvalidValue("a summer time begins and ends by the week, or on a date", subject=self.name)
        if self.minutes is not None and self.begins is None:
            raise InvalidValue("how far clocks go is said behind when", subject=self.name)
        return self

    @property
    def kind(self) -> Literal["recurring", "date"]:
        """The word of IOS for the two kinds."""
        return "date" if self.begins and _YEAR.search(self.begins) else "recurring"


class Clock(Setting):
    """The time zone of the device and its summer time."""

    FEATURE: ClassVar[str] = "clock"

    time_zone: TimeZone | None = None
    summer_time: SummerTime | None = None
    calendar_valid: bool = False


class Domain(Setting):
    """The domain that the device is in, and how it finds the addresses of names.

    `search` are the domains that are tried in their order, `servers` those that are asked in theirs.
    """

    FEATURE: ClassVar[str] = "domain"

    name: Word | None = None
    lookup: bool = True
    lookup_source: InterfaceName | None = None
    search: tuple[Word, ...] = ()
    servers: Annotated[tuple[Server, ...], Field(max_length=6)] = ()


class Banner(Setting):
    """A text that is shown to who comes in: before the login, behind it, or to whoever starts a session."""

    FEATURE: ClassVar[str] = "banner"
    KEY: ClassVar[tuple[str, ...]] = ("kind",)

    kind: Literal["motd", "login", "exec", "incoming", "prompt-timeout"]
    text: str

    @model_validator(mode="after")
    def _can_be_typed(self) -> "Banner":
        lines = self.text.split("\n")
        if not self.text.strip() or not all(line.replace("\t", " ").isprintable() for line in lines):
            raise InvalidValue(f"a banner is printable text, and more than none ({self.kind})", subject=self.kind)
        if any(mark in self.text for mark in _END_OF_BANNER) or set(self.text) >= _DELIMITERS:
            raise InvalidValue(
                f"a banner holds no ^C, and leaves out one of {' '.join(sorted(_DELIMITERS))} ({self.kind})",
                subject=self.kind,
            )
        return self

    @property
    def body(self) -> str:
        """The text as a device keeps it: no empty lines around it, no spaces at the end of a line."""
        return "\n".join(line.rstrip() for line in self.text.split("\n")).strip("\n")


class TimeoutPolicy(Value):
    """How long a connection to the HTTP server lasts: seconds without a request, seconds in all, requests in all."""

    idle: Annotated[int, Field(ge=1, le=600)]
    life: Annotated[int, Field(ge=1, le=86400)]
    requests: Annotated[int, Field(ge=1, le=86400)]


class HttpServer(Setting):
    """The HTTP and the HTTPS server; what is not said stays as the image has it."""

    FEATURE: ClassVar[str] = "http-server"

    enabled: bool | None = None
    secure: bool | None = None
    port: Tcp | None = None
    secure_port: Tcp | None = None
    authentication: Line | None = None
    access_class: Word | None = None
    access_class_family: Literal["ipv4", "ipv6"] | None = None
    max_connections: Annotated[int, Field(ge=1, le=50)] | None = None
    timeout_policy: TimeoutPolicy | None = None
    client_source: InterfaceName | None = None


class Boot(Setting):
    """The images that the device looks for when it starts, in their order."""

    FEATURE: ClassVar[str] = "boot"

    system: Annotated[tuple[Line, ...], Field(min_length=1)]
