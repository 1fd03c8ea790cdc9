"""Access lists for IPv4: entries in the order of their sequence numbers, and what a list lets through.

After the "Cisco IOS Security Command Reference" (`permit`, `deny`, `remark`): the first entry that matches decides,
and what none matches is denied.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from cimnet_nornir.domain.access_list_names import AclKind, AclName, kind_by_number
from cimnet_nornir.domain.access_list_parts import (
    ANY_PROTOCOL,
    WITH_PORTS,
    AclAddress,
    AclPorts,
    Protocol,
    anywhere,
)
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue

# IOS takes a remark of up to 100 characters.
_LONGEST_REMARK = 100
_MARK_OF_A_QUESTION = "?"


def _remark(value: str) -> str:
    text = value.strip()
    if not text or not text.isascii() or not text.isprintable() or _MARK_OF_A_QUESTION in text:
        raise InvalidValue("a remark is one line of ASCII text without '?'", subject="remark")
    return text


# A name, or a number that has none.
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
Sequence = Annotated[int, Field(ge=1, le=2147483647)]


class AclRule(Value):
    """An entry that permits or denies. A standard list looks at the source alone.

    An object group of the device may stand in the place of a protocol with its ports, of a source or of a destination.
    """

    sequence: Sequence
    action: Literal["permit", "deny"]
    protocol: Protocol = ANY_PROTOCOL
    source: AclAddress = Field(default_factory=anywhere)
    source_ports: AclPorts | None = None
    destination: AclAddress = Field(default_factory=anywhere)
    destination_ports: AclPorts | None = None
    established: bool = False
    log: bool = False
    message: Annotated[str, Field(pattern=r"^([a-z][a-z0-9-]*|[0-9]{1,3}( [0-9]{1,3})?)$")] | None = None
    fragments: bool = False
    dscp: Word | None = None
    precedence: Word | None = None
    tos: Word | None = None
    time_range: Word | None = None
    log_input: bool = False
    service_group: Word | None = None
    source_group: Word | None = None
    destination_group: Word | None = None

    @model_validator(mode="after")
    def _ports_need_their_protocol(self) -> "AclRule":
        if (self.source_ports or self.destination_ports) and self.protocol not in WITH_PORTS:
            raise InvalidValue(f"protocol {self.protocol} has no ports; write tcp or udp", subject="protocol")
        if self.service_group is not None and self.protocol != ANY_PROTOCOL:
            raise InvalidValue("a service group says the protocol; leave that out", subject="service_group")
        for side, group in (("source", self.source_group), ("destination", self.destination_group)):
            if group is not None and not getattr(self, side).is_any:
                raise InvalidValue(f"{side}_group says the {side}; leave that out", subject=f"{side}_group")
        if self.established and self.protocol != "tcp":
            raise InvalidValue(f"established goes with tcp, not with {self.protocol}", subject="established")
        if self.message is not None and self.protocol != "icmp":
            raise InvalidValue(f"messages are those of icmp, not of {self.protocol}", subject="message")
        return self

    @property
    def by_source_alone(self) -> bool:
        """Whether it says nothing that a standard list could not."""
        return self.protocol == ANY_PROTOCOL and self.destination.is_any and not self.asks_more

    @property
    def asks_more(self) -> bool:
        """Whether it asks for something that is not known of a packet here: a class of traffic, an hour of the day."""
        more = (self.message, self.dscp, self.precedence, self.tos, self.time_range, self.log_input)
        return self.fragments or self.by_group or any(more)

    @property
    def by_group(self) -> bool:
        """Whether object groups say what it is about."""
        return any((self.service_group, self.source_group, self.destination_group))

    def matches(self, packet: "Packet") -> bool:
        """Whether the entry is about the packet; a port that is not known is none of those asked for.

        What is not known of it is taken for the worse: a permit that asks for it is not counted on, a denial is.
        """
        unknown = self.dscp or self.precedence or self.tos or self.time_range or self.by_group
        return (
            not (self.fragments or self.message or (unknown and self.action == "permit"))
            and self.protocol in (ANY_PROTOCOL, packet.protocol)
            and self.source.matches(packet.source)
            and self.destination.matches(packet.destination)
            and _has(self.source_ports, packet.source_port)
            and _has(self.destination_ports, packet.port)
            and (packet.established or not self.established)
        )


@dataclass(frozen=True, slots=True)
class Packet:
    """What an access list looks at. `port` is the destination's; `established` says that TCP answers or goes on."""

    source: IPv4Address
    destination: IPv4Address
    protocol: str
    port: int | None = None
    source_port: int | None = None
    established: bool = False


def _has(ports: AclPorts | None, port: int | None) -> bool:
    return ports is None or (port is not None and ports.matches(port))


class AclRemark(Value):
    """An entry that says something to people."""

    sequence: Sequence
    action: Literal["remark"] = "remark"
    text: Annotated[str, Field(max_length=_LONGEST_REMARK), AfterValidator(_remark)]


AclEntry = Annotated[AclRule | AclRemark, Field(discriminator="action")]


class AccessList(Value):
    """An access list: entries by rising sequence numbers, at least one of which is a rule.

    A list without a rule is refused: IOS lets everything through where an interface uses such a one. A wrong entry is
    told by its index, from 0, as the subject of the error.
    """

    name: AclName
    kind: AclKind
    entries: tuple[AclEntry, ...]

    @model_validator(mode="after")
    def _holds_together(self) -> "AccessList":
        by_number = kind_by_number(self.name)
        if by_number not in (None, self.kind):
            raise InvalidValue(f"access list {self.name} is {by_number} by its number", subject="kind")
        if not self.rules:
            raise InvalidValue(
                f"access list {self.name} has no permit or deny, and would let everything through", subject="entries"
            )
        for index in range(len(self.entries)):
            self._check(index)
        return self

    @property
    def rules(self) -> tuple[AclRule, ...]:
        """The entries that permit or deny."""
        return tuple(entry for entry in self.entries if isinstance(entry, AclRule))

    def _check(self, index: int) -> None:
        entry, before = self.entries[index], self.entries[:index]
        if before and entry.sequence <= before[-1].sequence:
            problem = f"sequence {entry.sequence} follows {before[-1].sequence}; entries stand in their order"
        elif self.kind == "standard" and isinstance(entry, AclRule) and not entry.by_source_alone:
            problem = "a standard list looks at the source alone; make it extended"
        elif any(entry.model_copy(update={"sequence": other.sequence}) == other for other in before):
            problem = f"entry {entry.sequence} stands in access list {self.name} twice"
        else:
            return
        raise InvalidValue(problem, subject=str(index))


def permits(
    acl: AccessList,
    source: IPv4Address,
    destination: IPv4Address,
    protocol: str,
    port: int | None = None,
    *,
    source_port: int | None = None,
    established: bool = False,
) -> bool:
    """Whether the list lets a packet through: the first entry that matches decides, and what none matches is denied.

    `protocol` is a name as in `PROTOCOLS`, `port` the destination's. An entry that asks for a port does not match a
    packet whose port is None. Without `established` it is the packet that opens a conversation (a TCP SYN).
    """
    packet = Packet(source, destination, protocol, port, source_port, established)
    return next((rule.action == "permit" for rule in acl.rules if rule.matches(packet)), False)
