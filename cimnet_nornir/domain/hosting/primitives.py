"""Addresses of containers and virtual machines as values: MAC addresses, ranges, and what else is a single field."""

import re
from collections.abc import Iterator
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from cimnet_nornir.domain.values import Line, Value
from cimnet_nornir.errors import InvalidValue

_HEX_DIGITS = 12
# The second least bit of the first byte says that no vendor has given it (IEEE 802, 8.2.2), the least one "multicast".
_LOCAL_MAC = "02"
_MULTICAST_BIT = 1
# Docker's rule for the names of images is longer; this holds for every reference that docker and podman pull.
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,254}")


# https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
_DIGEST = re.compile(r"[A-Za-z0-9]+(?:[+._-][A-Za-z0-9]+)*:[A-Za-z0-9=_-]+")
_LOGIN = re.compile(r"(?<=//)[^/@]*:[^/@]*@")


def _masked(login: str) -> str:
    """A user with his password, without it."""
    user, colon, _ = login.partition(":")
    return f"{user}:…" if colon else user


def _connection(value: str) -> str:
    """A libvirt URI (https://libvirt.org/uri.html) without a password: it would be read by everybody on the host."""
    if _LOGIN.search(value):
        shown = _LOGIN.sub(lambda found: f"{_masked(found[0])}@", value)
        raise InvalidValue(f"{shown} names a password; write it without, and use a key", subject="uri")
    return value


def _host_mac(value: str) -> str:
    digits = re.sub(r"[.:-]", "", value).lower()
    if len(digits) != _HEX_DIGITS or not all(digit in "0123456789abcdef" for digit in digits):
        raise InvalidValue(f"{value!r} is no MAC address; write it like 02:42:ac:11:00:02", subject="mac")
    if int(digits[:2], 16) & _MULTICAST_BIT or digits == "0" * _HEX_DIGITS:
        raise InvalidValue(f"{value!r} is no MAC address of one machine (multicast, or all zeros)", subject="mac")
    return ":".join(digits[index : index + 2] for index in range(0, _HEX_DIGITS, 2))


def _image(value: str) -> str:
    name, _, digest = value.partition("@")
    if digest and not _DIGEST.fullmatch(digest):
        raise InvalidValue(
            f"the image {_masked(name)}@{digest} names a login; write it without: the host's runtime logs in by itself",
            subject="image",
        )
    if not _IMAGE.fullmatch(value):
        raise InvalidValue(
            f"{value!r} is no image; write it like nginx:1.27 or ghcr.io/acme/web@sha256:…", subject="image"
        )
    return value


HostMac = Annotated[str, AfterValidator(_host_mac)]
"""A MAC address as Linux writes it, 02:42:ac:11:00:02; one machine's, never multicast."""
Image = Annotated[str, AfterValidator(_image)]
ConnectionUri = Annotated[Line, AfterValidator(_connection)]
Mtu = Annotated[int, Field(ge=576, le=9216)]
"""Bytes; 576 is what IPv4 asks of every host (RFC 791), 9216 the most that common switches carry."""
Megabits = Annotated[int, Field(ge=1, le=400_000)]
"""Mbit/s."""
Runtime = Literal["docker", "podman"]


class AddressRange(Value):
    """Addresses from the first to the last, both included."""

    first: IPv4Address
    last: IPv4Address

    @model_validator(mode="after")
    def _runs_upwards(self) -> "AddressRange":
        if self.last < self.first:
            raise InvalidValue(f"the range {self} runs backwards", subject="range")
        return self

    @classmethod
    def parse(cls, text: str) -> "AddressRange":
        """A range as people write it: "10.0.100.32-10.0.100.63". Raises InvalidValue."""
        first, _, last = text.partition("-")
        try:
            return cls(first=IPv4Address(first.strip()), last=IPv4Address(last.strip()))
        except ValueError as error:
            if "backwards" in str(error):
                raise InvalidValue(f"the range {text!r} runs backwards", subject="range") from error
            raise InvalidValue(
                f"{text!r} is no address range; write it like 10.0.100.32-10.0.100.63", subject="range"
            ) from error

    def __contains__(self, address: IPv4Address) -> bool:
        return self.first <= address <= self.last

    def __len__(self) -> int:
        return int(self.last) - int(self.first) + 1

    def addresses(self) -> Iterator[IPv4Address]:
        """Its addresses in order."""
        return (IPv4Address(number) for number in range(int(self.first), int(self.last) + 1))

    def overlaps(self, other: "AddressRange") -> bool:
        """Whether an address is in both."""
        return self.first <= other.last and other.first <= self.last

    def inside(self, subnet: IPv4Network) -> bool:
        """Whether all of it is in a subnet and can be a host's: neither its network nor its broadcast address."""
        first, last = usable(subnet)
        return first <= self.first and self.last <= last

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def usable(subnet: IPv4Network) -> tuple[IPv4Address, IPv4Address]:
    """The first and the last address of a subnet that a host can have (RFC 3021: all of a /31)."""
    if subnet.prefixlen >= 31:
        return subnet.network_address, subnet.broadcast_address
    return subnet.network_address + 1, subnet.broadcast_address - 1


def derived_mac(*names: str) -> str:
    """A MAC address that the same names always give: locally administered, one machine's (02:…)."""
    digest = sha256("/".join(names).encode()).hexdigest()[: _HEX_DIGITS - len(_LOCAL_MAC)]
    return _host_mac(_LOCAL_MAC + digest)
