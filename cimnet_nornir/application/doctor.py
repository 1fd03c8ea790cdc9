"""What the abilities of a device mean for pushes to it: remarks for people, and whether a push would be protected."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from cimnet_nornir.application.plan import Unread
from cimnet_nornir.application.planning import unread_device
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.capabilities import Capabilities
from cimnet_nornir.errors import DeviceError

Level = Literal["good", "note", "bad"]
"""`bad` stands in the way of a protected push; a `note` is worth knowing before one."""

_PRIVILEGED = 15
_USUAL_REGISTERS = ("", "0x2102", "0x102", "0xF")
# What a push keeps in flash: the configuration as it was, and what it is to be.
_ROOM = 1_000_000
_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was found out, and what it means for a push; empty where there is nothing to say."""

    what: str
    found: str
    means: str = ""
    level: Level = "good"


@dataclass(frozen=True, slots=True)
class Examined:
    """A device that told what it can do; `device` is its id, `name` its host name."""

    device: str
    name: str
    capabilities: Capabilities
    remarks: tuple[Remark, ...]

    @property
    def in_the_way(self) -> tuple[Remark, ...]:
        """What stands in the way of a protected push."""
        return in_the_way(self.remarks)


def examined(
    service: NetworkService, answers: Mapping[str, Capabilities | DeviceError]
) -> tuple[tuple[Examined, ...], tuple[Unread, ...]]:
    """The devices that answered, by name, and those that could not be asked; `answers` are by device id."""
    network = service.network()
    found: list[Examined] = []
    unread: list[Unread] = []
    for identity, answer in answers.items():
        device = network.devices[identity]
        if isinstance(answer, DeviceError):
            unread.append(unread_device(device, answer))
        else:
            found.append(Examined(identity, device.name, answer, remarks_of(answer)))
    return tuple(sorted(found, key=lambda item: item.name)), tuple(sorted(unread, key=lambda item: item.name))


def remarks_of(capabilities: Capabilities) -> tuple[Remark, ...]:
    """All that is to be said of a device, in the order in which a push meets it."""
    return tuple(
        remark
        for part in (_image, _privilege, _revert, _pending, _lock, _vtp, _aaa, _transfer, _flash, _boot, _unsaved)
        for remark in part(capabilities)
    ) + tuple(_not_known(capabilities))


def in_the_way(remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    """What stands in the way of a protected push."""
    return tuple(remark for remark in remarks if remark.level == "bad")


def _image(found: Capabilities) -> Iterator[Remark]:
    parts = (found.version, f"({found.image})" if found.image else "", f"on {found.model}" if found.model else "")
    yield Remark("image", " ".join(part for part in parts if part) or "not known")
    for quirk in found.quirks:
        yield Remark("quirk", quirk.name, quirk.text, "bad" if quirk.blocks else "note")


def _privilege(found: Capabilities) -> Iterator[Remark]:
    if found.privilege is None:
        yield Remark("privilege", "not known")
    elif found.privilege < _PRIVILEGED:
        yield Remark("privilege", str(found.privilege), "a push needs level 15: set CIMNET_ENABLE", "bad")
    else:
        yield Remark("privilege", str(found.privilege))


def _revert(found: Capabilities) -> Iterator[Remark]:
    protection = found.protection
    if any(quirk.blocks for quirk in found.quirks):
        yield Remark("revert timer", "no", "the image has none", "bad")
    elif protection.kind == "revert timer":
        means = f"a push is taken back by the device itself, archive path {protection.archive_path}"
        yield Remark("revert timer", "yes", means)
    else:
        yield Remark("revert timer", "no", protection.why, "bad")


def _pending(found: Capabilities) -> Iterator[Remark]:
    if found.pending is not None:
        who = found.pending.user or "somebody"
        means = f"a change of {who} waits to be confirmed ({found.pending.value}): confirm it, or let it revert first"
        yield Remark("pending change", f"by {who}", means, "bad")


def _lock(found: Capabilities) -> Iterator[Remark]:
    if found.lock_holder:
        means = f"{found.lock_holder} holds the lock of the configuration: lines are refused until it is given back"
        yield Remark("configuration lock", "held", means, "bad")
        return
    match found.protection.exclusive:
        case "auto":
            yield Remark("configuration lock", "auto", "nobody else types while a push goes on")
        case "manual":
            yield Remark("configuration lock", "manual", "configure terminal lock keeps others out")
        case "":
            means = "others may type while a push goes on; to keep them out: configuration mode exclusive auto"
            yield Remark("configuration lock", "none", means, "note")


def _vtp(found: Capabilities) -> Iterator[Remark]:
    if found.vtp_mode is None and not found.protection.vlans_outside:
        return
    domain = f" of domain {found.vtp_domain}" if found.vtp_domain else ""
    said = f"{found.vtp_mode or 'server or client'}{domain}"
    if found.vtp_mode == "client":
        yield Remark("VTP", said, "VLANs cannot be changed here: the device refuses their lines", "note")
    elif found.protection.vlans_outside:
        means = "VLANs are in vlan.dat: neither the revert timer nor configure replace takes them back"
        yield Remark("VTP", said, means, "note")
    else:
        yield Remark("VTP", said, "VLANs are in the configuration, and go back with it")


def _aaa(found: Capabilities) -> Iterator[Remark]:
    if not found.aaa.new_model:
        yield Remark("AAA", "off")
    elif found.aaa.may_refuse:
        means = f"a server is asked, and may refuse lines: {'; '.join(found.aaa.may_refuse)}"
        yield Remark("AAA", "new-model, authorization", means, "note")
    else:
        yield Remark("AAA", f"new-model{', accounting' if found.aaa.accounting else ''}")


def _transfer(found: Capabilities) -> Iterator[Remark]:
    if found.scp_server:
        yield Remark("SCP server", "on")
    else:
        yield Remark(
            "SCP server", "off", "NAPALM needs it, or --transfer inline, which is slow; type: ip scp server enable"
        )
    if found.ssh_version:
        yield Remark("SSH", found.ssh_version)
    if found.prompt_quiet:
        yield Remark("file prompt", "quiet")
    else:
        yield Remark("file prompt", "asks", "NAPALM sets file prompt quiet for its time, unless it stands already")


def _flash(found: Capabilities) -> Iterator[Remark]:
    if found.flash_free is None:
        yield Remark("flash", "not known")
        return
    total = f" of {found.flash_total / _MEGA:.1f}" if found.flash_total else ""
    said = f"{found.flash_free / _MEGA:.1f}{total} MB free"
    if found.flash_free < _ROOM:
        yield Remark(
            "flash", said, "there is no room for a copy of the configuration: delete what is not needed", "bad"
        )
    else:
        yield Remark("flash", said)


def _boot(found: Capabilities) -> Iterator[Remark]:
    register = found.next_register or found.register
    said = ", ".join(part for part in (found.boot, register and f"register {register}") if part)
    if register not in _USUAL_REGISTERS:
        means = f"a reload does not come up as usual: the register is {register}, not 0x2102"
        yield Remark("boot", said, means, "note")
    elif said:
        yield Remark("boot", said)


def _unsaved(found: Capabilities) -> Iterator[Remark]:
    unsaved = found.protection.unsaved
    if unsaved:
        means = f"changed {unsaved}: a push would save it, and a timed revert keeps it unsaved"
        yield Remark("unsaved changes", "yes", means, "note")
    else:
        yield Remark("unsaved changes", "none")


def _not_known(found: Capabilities) -> Iterator[Remark]:
    if found.not_known:
        yield Remark("not told", ", ".join(found.not_known), "the device refused to say", "good")
