"""Lists that routes are matched with: prefixes, communities and AS paths.

After the "Cisco IOS IP Routing: BGP Command Reference" (`ip prefix-list`, `ip community-list`,
`ip as-path access-list`).
"""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.policy_fields import (
    IN_ORDER,
    Community,
    EntrySequence,
    Expression,
    PolicyName,
    as_text,
    numbered,
)
from cimnet_nornir.domain.values import Description, Value
from cimnet_nornir.errors import InvalidValue

_STEP = 5
_STANDARD_NUMBERS = range(1, 100)
_EXPANDED_NUMBERS = range(100, 501)
Action = Literal["permit", "deny"]


class PrefixEntry(Value):
    """An entry of a prefix list: a prefix, or those within it whose length is at least `ge` and at most `le`."""

    sequence: EntrySequence
    action: Action
    prefix: IPv4Network
    ge: Annotated[int, Field(ge=1, le=32)] | None = None
    le: Annotated[int, Field(ge=1, le=32)] | None = None

    @model_validator(mode="after")
    def _lengths_fit(self) -> "PrefixEntry":
        _check_lengths(self.prefix, self.ge, self.le)
        return self


class Ipv6PrefixEntry(Value):
    """An entry of a prefix list for IPv6."""

    sequence: EntrySequence
    action: Action
    prefix: IPv6Network
    ge: Annotated[int, Field(ge=1, le=128)] | None = None
    le: Annotated[int, Field(ge=1, le=128)] | None = None

    @model_validator(mode="after")
    def _lengths_fit(self) -> "Ipv6PrefixEntry":
        _check_lengths(self.prefix, self.ge, self.le)
        return self


def _check_lengths(prefix: IPv4Network | IPv6Network, least: int | None, most: int | None) -> None:
    longest = prefix.max_prefixlen
    bounds = [prefix.prefixlen + 1, least, most, longest]
    said = [bound for bound in bounds if bound is not None]
    if (least is not None or most is not None) and said != sorted(said):
        raise InvalidValue(
            f"{prefix}: lengths run from {prefix.prefixlen + 1} over ge and le to {longest}", subject=str(prefix)
        )


class PrefixList(Setting):
    """A prefix list: the first entry that matches decides, and what none matches is denied."""

    FEATURE: ClassVar[str] = "prefix-list"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: PolicyName
    description: Description | None = None
    entries: Annotated[tuple[PrefixEntry, ...], numbered(_STEP), IN_ORDER, Field(min_length=1)]


class Ipv6PrefixList(Setting):
    """A prefix list for IPv6."""

    FEATURE: ClassVar[str] = "ipv6-prefix-list"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: PolicyName
    description: Description | None = None
    entries: Annotated[tuple[Ipv6PrefixEntry, ...], numbered(_STEP), IN_ORDER, Field(min_length=1)]


class CommunityEntry(Value):
    """An entry of a community list: `communities` in a standard one, an `expression` in an expanded one.

    `sequence` is for images that number them (IOS XE 17).
    """

    action: Action
    communities: tuple[Community, ...] = ()
    expression: Expression | None = None
    sequence: EntrySequence | None = None


class CommunityList(Setting):
    """A community list, by name or number: 1 to 99 are standard, 100 to 500 expanded."""

    FEATURE: ClassVar[str] = "community-list"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: PolicyName
    kind: Literal["standard", "expanded"] = "standard"
    entries: Annotated[tuple[CommunityEntry, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _entries_are_of_its_kind(self) -> "CommunityList":
        number = int(self.name) if self.name.isdecimal() else None
        if number is not None and number not in (_STANDARD_NUMBERS if self.kind == "standard" else _EXPANDED_NUMBERS):
            raise InvalidValue(f"community list {self.name} is not {self.kind} by its number", subject="kind")
        for entry in self.entries:
            if bool(entry.communities) != (self.kind == "standard") or bool(entry.expression) == bool(
                entry.communities
            ):
                what = "communities" if self.kind == "standard" else "an expression"
                raise InvalidValue(f"an entry of a {self.kind} community list has {what}", subject="entries")
        return self


class AsPathEntry(Value):
    """An entry of a list of AS paths."""

    action: Action
    expression: Expression


def _list_number(value: str) -> str:
    if not (value.isascii() and value.isdecimal() and 1 <= int(value) <= _EXPANDED_NUMBERS[-1]):
        raise InvalidValue(f"{value!r} is no list of AS paths: they are 1 to 500", subject="number")
    return str(int(value))


class AsPathList(Setting):
    """A list of AS paths, by its number."""

    FEATURE: ClassVar[str] = "as-path-list"
    KEY: ClassVar[tuple[str, ...]] = ("number",)

    number: Annotated[str, BeforeValidator(as_text), AfterValidator(_list_number)]
    entries: Annotated[tuple[AsPathEntry, ...], Field(min_length=1)]
