"""Access lists for IPv6: entries in the order of their numbers, of which the first that matches decides.

After the "Cisco IOS Security Command Reference" (`ipv6 access-list`, `permit (IPv6)`).
"""

import re
from ipaddress import AddressValueError, IPv6Address, IPv6Network
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cimnet_nornir.domain.access_list_parts import WITH_PORTS, AclPorts
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.policy_fields import IN_ORDER, EntrySequence, PolicyName, as_text, numbered
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue

_STEP = 10
_NAMES = ("ipv6", "tcp", "udp", "icmp", "ahp", "esp", "pcp", "sctp")
_HIGHEST_PROTOCOL = 255
_MESSAGE = re.compile(r"[a-z0-9-]+|\d{1,3}( \d{1,3})?")


def _place(value: str) -> str:
    """any, an address, or a prefix."""
    text = " ".join(value.split()).removeprefix("host ")
    if text in ("any", "::/0"):
        return "any"
    try:
        return str(IPv6Network(text)) if "/" in text else str(IPv6Address(text))
    except (AddressValueError, ValueError):
        raise InvalidValue(
            f"{value!r} is no place: any, an IPv6 address, or a prefix without bits beyond its length", subject="source"
        ) from None


def _protocol(value: str) -> str:
    if value in _NAMES or (value.isascii() and value.isdecimal() and int(value) <= _HIGHEST_PROTOCOL):
        return value
    raise InvalidValue(f"{value!r} is no protocol: {', '.join(_NAMES)}, or a number up to 255", subject="protocol")


Place = Annotated[str, AfterValidator(_place)]


class Ipv6Rule(Value):
    """An entry: a `remark`, or an `action` with what it is about."""

    sequence: EntrySequence
    action: Literal["permit", "deny"] | None = None
    remark: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    protocol: Annotated[str, BeforeValidator(as_text), AfterValidator(_protocol)] = "ipv6"
    source: Place = "any"
    source_port: AclPorts | None = None
    destination: Place = "any"
    destination_port: AclPorts | None = None
    message: Annotated[str, BeforeValidator(as_text), Field(pattern=_MESSAGE.pattern)] | None = None
    established: bool = False
    fragments: bool = False
    dscp: PolicyName | None = None
    time_range: PolicyName | None = None
    log: bool = False

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Ipv6Rule":
        if (self.action is None) == (self.remark is None):
            raise InvalidValue("an entry has an action, or is a remark", subject="action")
        if (self.source_port or self.destination_port) and self.protocol not in WITH_PORTS:
            raise InvalidValue(f"protocol {self.protocol} has no ports; write tcp or udp", subject="protocol")
        if self.message is not None and self.protocol != "icmp":
            raise InvalidValue(f"messages are those of icmp, not of {self.protocol}", subject="message")
        return self


class Ipv6AccessList(Setting):
    """An access list for IPv6."""

    FEATURE: ClassVar[str] = "ipv6-access-list"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[PolicyName, Field(pattern=r"^[A-Za-z]")]
    entries: Annotated[tuple[Ipv6Rule, ...], numbered(_STEP), IN_ORDER, Field(min_length=1)]
