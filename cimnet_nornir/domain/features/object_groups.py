"""Object groups: addresses and services under a name, of which access lists speak as of one.

After the "Cisco IOS Security Configuration Guide" (Object Groups for ACLs).
"""

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cimnet_nornir.domain.access_list_parts import PROTOCOLS
from cimnet_nornir.domain.features.fields import Line
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.policy_fields import UNIQUE, PolicyName, PolicyNames
from cimnet_nornir.errors import InvalidValue, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_PLACE = "any, an address, a prefix such as 10.0.0.0/24, or a range such as 10.0.0.1-10.0.0.9"
_ENDS = 2
_SIDE = r"(?:(?:eq|gt|lt) \d{1,5}|range \d{1,5} \d{1,5})"
_WITH_PORTS = rf"(?:tcp|udp|tcp-udp)(?: source {_SIDE})?(?: {_SIDE})?"
_SERVICE = re.compile(rf"{_WITH_PORTS}|icmp(?: [a-z][a-z-]*| \d{{1,3}})?|ip|\d{{1,3}}|{'|'.join(PROTOCOLS)}")


def _member(value: str) -> str:
    """any, an address, a prefix, or two addresses with a dash between them."""
    text = value.strip().removeprefix("host ")
    if text == "any":
        return text
    try:
        ends = tuple(IPv4Address(part.strip()) for part in text.split("-")) if "/" not in text else ()
        network = IPv4Network(text) if not ends else None
    except (AddressValueError, NetmaskValueError):
        raise InvalidValue(f"{value!r} are no addresses; write {_PLACE}", subject="members") from None
    except ValueError:
        raise InvalidValue(
            f"{value!r} has bits beyond its prefix length; write the network", subject="members"
        ) from None
    if network is not None:
        return str(network.network_address if network.prefixlen == network.max_prefixlen else network)
    if len(ends) > _ENDS or list(ends) != sorted(set(ends)):
        raise InvalidValue(f"the range {text} does not run upwards", subject="members")
    return "-".join(map(str, ends))


def _service(value: object) -> object:
    text = " ".join(str(value).lower().split()) if isinstance(value, int | str) else value
    if isinstance(text, str) and not _SERVICE.fullmatch(text):
        raise InvalidValue(
            f"{value!r} is no service; write like tcp eq 22, udp range 16384 32767, icmp echo, or a protocol",
            subject="services",
        )
    return text


Members = Annotated[tuple[Annotated[str, AfterValidator(_member)], ...], UNIQUE]
Services = Annotated[tuple[Annotated[str, BeforeValidator(_service)], ...], UNIQUE]
GroupName = Annotated[PolicyName, Field(max_length=64)]


class NetworkObjectGroup(Setting):
    """Addresses under a name: `members` by themselves, and those of other groups."""

    FEATURE: ClassVar[str] = "network-object-group"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: GroupName
    description: Line | None = None
    members: Members = ()
    network_groups: PolicyNames = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """The groups that it is made of."""
        return self.network_groups

    @model_validator(mode="after")
    def _is_not_empty(self) -> "NetworkObjectGroup":
        if not self.members and not self.network_groups:
            raise InvalidValue(f"group {self.name} is empty, which no access list takes", subject="members")
        return self

    def check(self, device: "Device") -> None:
        """Refuse a group within itself. Raises RuleViolated."""
        refuse_loop(device, self, self.needs)


class ServiceObjectGroup(Setting):
    """Services under a name: protocols, ports of TCP and UDP, messages of ICMP, and those of other groups."""

    FEATURE: ClassVar[str] = "service-object-group"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: GroupName
    description: Line | None = None
    services: Services = ()
    service_groups: PolicyNames = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """The groups that it is made of."""
        return self.service_groups

    @model_validator(mode="after")
    def _is_not_empty(self) -> "ServiceObjectGroup":
        if not self.services and not self.service_groups:
            raise InvalidValue(f"group {self.name} is empty, which no access list takes", subject="services")
        return self

    def check(self, device: "Device") -> None:
        """Refuse a group within itself. Raises RuleViolated."""
        refuse_loop(device, self, self.needs)


def refuse_loop(device: "Device", setting: Setting, needs: tuple[str, ...]) -> None:
    """Refuse what is made of itself, perhaps by way of others of its feature. Raises RuleViolated."""
    seen: set[str] = set()
    rest = list(needs)
    while rest:
        name = rest.pop()
        if name not in seen:
            seen.add(name)
            rest += getattr(device.setting(setting.FEATURE, name), "needs", ())
    if setting.own_key in seen:
        where = f"{device.name} {setting.identity}"
        raise RuleViolated(f"{where} is part of itself", subject=where)
