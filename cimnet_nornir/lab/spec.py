"""What a lab consists of: its devices, the links between their interfaces, and the credentials they accept."""

import base64
import dataclasses
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self, cast, get_args

from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.lab.names import canonical_interface

DeviceKind = Literal["router", "switch", "l3switch"]
Platform = Literal["ios", "iosxe"]
VtpMode = Literal["transparent", "server", "client", "off"]
_NO_KEY = "authorized_keys of the lab: this is no SSH public key; it looks like: ssh-ed25519 AAAA…"


@dataclass(frozen=True, slots=True)
class LabCredentials:
    """What every device of the lab accepts; an empty `enable` means that a login is privileged at once.

    `authorized_keys` are OpenSSH public key lines ("ssh-ed25519 AAAA…") that let `username` in without a password.
    Raises InvalidInput for a line that is none.
    """

    username: str
    password: str = field(repr=False)
    enable: str = field(default="", repr=False)
    authorized_keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in self.authorized_keys:
            key_blob(line)


def key_blob(line: str) -> bytes:
    """The key in an OpenSSH public key line, as it goes over the wire. Raises InvalidInput for anything else."""
    try:
        kind, text = line.split()[:2]
        blob = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise InvalidInput(_NO_KEY, subject="authorized_keys") from error
    # A key begins with the name of its type, as a string after its length (RFC 4253, 6.6).
    if not blob.startswith(struct.pack(">I", len(kind.encode())) + kind.encode()):
        raise InvalidInput(_NO_KEY, subject="authorized_keys")
    return blob


@dataclass(frozen=True, slots=True)
class LabDevice:
    """One simulated device.

    `interfaces` are the physical ports (long or short names); `model` picks a product number (default by platform
    and kind); `management` is the address that CDP and LLDP tell neighbours while none is configured; `startup` is
    the configuration it boots with the first time (default: its host name and the platform's defaults); `archive` adds
    a configuration archive in flash to that, which timed reverts need.
    """

    name: str
    platform: Platform
    kind: DeviceKind
    interfaces: tuple[str, ...]
    model: str = ""
    management: str = ""
    vtp_mode: VtpMode = "transparent"
    startup: str = ""
    archive: bool = False

    def __post_init__(self) -> None:
        _require_name("device", self.name)
        _one_of(self, "platform", get_args(Platform))
        _one_of(self, "kind", get_args(DeviceKind))
        _one_of(self, "vtp_mode", get_args(VtpMode))
        names = tuple(_interface(self.name, name) for name in self.interfaces)
        if len(set(names)) != len(names):
            raise InvalidInput(f"lab device {self.name}: an interface is named twice", subject=self.name)
        object.__setattr__(self, "interfaces", names)


@dataclass(frozen=True, slots=True)
class LabHost:
    """One simulated NixOS host. `minute` is how many seconds its timers take for a minute."""

    name: str
    minute: int = 60

    def __post_init__(self) -> None:
        _require_name("host", self.name)
        if self.minute < 1:
            raise InvalidInput(f"lab host {self.name}: a minute has seconds", subject=self.name)


@dataclass(frozen=True, slots=True)
class LabLink:
    """A cable between two physical interfaces, each a (device, interface) pair."""

    a: tuple[str, str]
    b: tuple[str, str]

    def __post_init__(self) -> None:
        for end in ("a", "b"):
            device, interface = getattr(self, end)
            object.__setattr__(self, end, (device, _interface(device, interface)))


@dataclass(frozen=True, slots=True)
class LabSpec:
    """A whole lab; raises InvalidInput where a link names a port that no device has, or a port is used twice."""

    devices: tuple[LabDevice, ...]
    links: tuple[LabLink, ...]
    credentials: LabCredentials
    hosts: tuple[LabHost, ...] = ()

    def __post_init__(self) -> None:
        ports = {(device.name, port) for device in self.devices for port in device.interfaces}
        names = [*(device.name for device in self.devices), *(host.name for host in self.hosts)]
        if len(set(names)) != len(names):
            raise InvalidInput("the lab has two devices of one name")
        used: set[tuple[str, str]] = set()
        for end in (end for link in self.links for end in (link.a, link.b)):
            if end not in ports:
                raise InvalidInput(f"a link of the lab ends at {end[0]} {end[1]}, which does not exist", subject=end[0])
            if end in used:
                raise InvalidInput(f"two links of the lab end at {end[0]} {end[1]}", subject=end[0])
            used.add(end)

    def to_json(self) -> str:
        """The specification as JSON, the password in it: keep it in a file of mode 0600."""
        return json.dumps(dataclasses.asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of `to_json`; raises InvalidInput for anything else."""
        try:
            raw = json.loads(text)
            return cls(
                devices=tuple(_device(entry) for entry in raw["devices"]),
                links=tuple(LabLink(_end(entry["a"]), _end(entry["b"])) for entry in raw["links"]),
                credentials=_credentials(raw["credentials"]),
                hosts=tuple(LabHost(**entry) for entry in raw.get("hosts", [])),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"not a lab specification: {type(error).__name__}") from error


def _require_name(what: str, name: str) -> None:
    if not name or any(sign in name for sign in "/\\ \0") or name in {".", ".."}:
        raise InvalidInput(f"lab {what} name {name!r}: must be a host name", subject=name)


def _one_of(device: LabDevice, attribute: str, allowed: tuple[str, ...]) -> None:
    if getattr(device, attribute) not in allowed:
        raise InvalidInput(
            f"lab device {device.name}: {attribute} must be one of {', '.join(allowed)}", subject=device.name
        )


def _interface(device: str, name: str) -> str:
    full = canonical_interface(name)
    if full is None:
        raise InvalidInput(f"lab device {device}: {name!r} is no interface name", subject=device)
    return full


def _device(entry: Mapping[str, object]) -> LabDevice:
    fields = dict(entry)
    fields["interfaces"] = tuple(cast("list[str]", fields["interfaces"]))
    return LabDevice(**cast("dict[str, str]", fields))  # type: ignore[arg-type]  # __post_init__ checks the values


def _credentials(entry: Mapping[str, object]) -> LabCredentials:
    fields = dict(entry)
    # Labs of before there were keys have none.
    fields["authorized_keys"] = tuple(cast("list[str]", fields.get("authorized_keys", [])))
    return LabCredentials(**cast("dict[str, str]", fields))  # type: ignore[arg-type]  # the one tuple is no text


def _end(entry: list[str]) -> tuple[str, str]:
    device, interface = entry
    return device, interface
