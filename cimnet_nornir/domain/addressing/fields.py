"""Prefixes, addresses and their owners as fields of events and commands, IPv4 and IPv6 alike."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated

from pydantic import BeforeValidator, Field

from cimnet_nornir.domain.addressing.intervals import IPAddress, IPNetwork
from cimnet_nornir.domain.values import Line
from cimnet_nornir.errors import InvalidValue


def parse_prefix(text: str) -> IPNetwork:
    """A prefix as people write it: "10.0.0.0/8", "2001:db8::/32".

    Raises InvalidValue where it is none, lacks its length, or has bits set behind it.
    """
    try:
        prefix = ip_network(text.strip())
    except ValueError as error:
        raise _no_prefix(text) from error
    if "/" not in text:
        raise _no_prefix(text)
    return prefix


def _no_prefix(text: str) -> InvalidValue:
    """What is wrong with a text that is no prefix."""
    try:
        meant = ip_network(text.strip(), strict=False)
    except ValueError:
        return InvalidValue(f"{text!r} is no prefix; write it like 10.0.0.0/24", subject="prefix")
    if "/" not in text:
        # Python reads it as a /32, which is hardly ever what was meant.
        return InvalidValue(f"{text!r} lacks its length; write it like 10.0.0.0/24", subject="prefix")
    return InvalidValue(f"{text!r} has bits set behind its length; is {meant} meant?", subject="prefix")


def parse_address(text: str) -> IPAddress:
    """An address as people write it. Raises InvalidValue where it is none, or names a zone ("fe80::1%eth0")."""
    try:
        address = ip_address(text.strip())
    except ValueError as error:
        raise InvalidValue(f"{text!r} is no address; write it like 10.0.0.10", subject="address") from error
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        raise InvalidValue(f"{text!r} names a zone, which is one host's own matter", subject="address")
    return address


def _prefix(value: object) -> object:
    # A number would be read as an address with all bits of it significant.
    return value if isinstance(value, IPv4Network | IPv6Network) else parse_prefix(str(value))


def _address(value: object) -> object:
    return parse_address(str(value))


Prefix = Annotated[IPv4Network | IPv6Network, BeforeValidator(_prefix)]
Address = Annotated[IPv4Address | IPv6Address, BeforeValidator(_address)]
Owner = Annotated[Line, Field(max_length=120)]
