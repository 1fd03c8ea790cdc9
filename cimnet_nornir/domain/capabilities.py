"""What a device can do for a push, as values that every room can speak of: how it is protected, what may refuse it."""

from dataclasses import dataclass
from typing import Literal

ProtectionKind = Literal["revert timer", "none"]
Exclusive = Literal["auto", "manual", ""]
ArchivePlace = Literal["local", "remote", "no path", "off"]
VtpMode = Literal["off", "transparent", "server", "client"]


@dataclass(frozen=True, slots=True)
class Protection:
    """What takes a push back if nobody confirms it, as the running configuration alone tells.

    `why` says in a sentence why there is nothing. `exclusive` is the device's own lock of the configuration.
    `vlans_outside`: VLANs are in vlan.dat, which neither `configure replace` nor the revert timer restores. `unsaved`
    says who left running without saving it and when; empty where running is what was saved.
    """

    kind: ProtectionKind
    why: str = ""
    archive_path: str = ""
    exclusive: Exclusive = ""
    vlans_outside: bool = False
    unsaved: str = ""


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A confirmed change that somebody armed and did not confirm yet: the device will take it back by itself."""

    user: str
    value: str
    configured: str = ""


@dataclass(frozen=True, slots=True)
class Aaa:
    """What AAA says of lines: `may_refuse` are the methods that are asked for each command or each start of a shell."""

    new_model: bool
    may_refuse: tuple[str, ...] = ()
    accounting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quirk:
    """Something that an image or a product does otherwise; `blocks` where a protected push is not possible with it."""

    name: str
    text: str
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """All that a device told of itself. None, and an empty text, stand for what it did not tell.

    Flash is in bytes. `not_known` are the commands that the device refused or answered in words nobody here knows.
    """

    protection: Protection
    aaa: Aaa
    archive: ArchivePlace
    scp_server: bool
    prompt_quiet: bool
    image: str = ""
    version: str = ""
    model: str = ""
    privilege: int | None = None
    pending: PendingChange | None = None
    lock_holder: str = ""
    vtp_mode: VtpMode | None = None
    vtp_domain: str = ""
    ssh_version: str = ""
    flash_free: int | None = None
    flash_total: int | None = None
    register: str = ""
    next_register: str = ""
    boot: str = ""
    quirks: tuple[Quirk, ...] = ()
    not_known: tuple[str, ...] = ()
