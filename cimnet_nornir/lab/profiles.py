"""Platforms as data: what a simulated product calls itself, what it can do, and what its configuration begins with."""

from dataclasses import dataclass, replace
from typing import Final

from cimnet_nornir.lab.spec import LabDevice


@dataclass(frozen=True, slots=True)
class Profile:
    """One product: texts of `show version`, features that rules ask for, and the lines it always boots with."""

    model: str
    version: str
    short_version: str
    software: str
    image: str
    features: frozenset[str]
    base: tuple[str, ...]
    vty_lines: int = 16

    @property
    def is_router(self) -> bool:
        """Whether its ports are routed and shut down from the start."""
        return "router" in self.features


_STAMPS: Final = ("service timestamps debug datetime msec", "service timestamps log datetime msec")
_CLASSIC: Final = (*_STAMPS, "no service password-encryption", "no aaa new-model")
_SWITCH: Final = ("spanning-tree extend system-id", "vlan internal allocation policy ascending")
_CONSOLE: Final = ("line con 0",)

_IOS: Final = "Version 15.2(7)E3, RELEASE SOFTWARE (fc3)"
_ROUTER_IOS: Final = "Version 15.2(4)M7, RELEASE SOFTWARE (fc2)"
_XE: Final = "Version 17.9.4a, RELEASE SOFTWARE (fc3)"
_XE_ROUTER_BASE: Final = (*_STAMPS, "no aaa new-model", "ip forward-protocol nd", *_CONSOLE)

_PROFILES: Final = {
    ("ios", "switch"): Profile(
        "WS-C2960X-24TS-L",
        _IOS,
        "15.2",
        "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M)",
        "c2960x-universalk9-mz.152-7.E3.bin",
        frozenset({"ios", "switching", "switch", "extended-vlan", "portfast-edge"}),
        (*_CLASSIC, "spanning-tree mode pvst", *_SWITCH, *_CONSOLE),
    ),
    ("ios", "l3switch"): Profile(
        "WS-C3560X-24T-S",
        _IOS,
        "15.2",
        "Cisco IOS Software, C3560E Software (C3560E-UNIVERSALK9-M)",
        "c3560e-universalk9-mz.152-7.E3.bin",
        frozenset({"ios", "switching", "l3switch", "routing", "trunk-encapsulation", "portfast-edge"}),
        (*_CLASSIC, "spanning-tree mode pvst", *_SWITCH, *_CONSOLE),
    ),
    ("ios", "router"): Profile(
        "CISCO2911/K9",
        _ROUTER_IOS,
        "15.2",
        "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M)",
        "c2900-universalk9-mz.SPA.152-4.M7.bin",
        frozenset({"ios", "routing", "router"}),
        (*_CLASSIC, "ip forward-protocol nd", *_CONSOLE),
        vty_lines=5,
    ),
    ("iosxe", "switch"): Profile(
        "C9200L-24T-4G",
        _XE,
        "17.9",
        "Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_LITE_IOSXE)",
        "cat9k_lite_iosxe.17.09.04a.SPA.bin",
        frozenset({"iosxe", "switching", "switch"}),
        (*_STAMPS, "no aaa new-model", "spanning-tree mode rapid-pvst", *_SWITCH, *_CONSOLE),
    ),
    ("iosxe", "l3switch"): Profile(
        "C9300-24T",
        _XE,
        "17.9",
        "Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE)",
        "cat9k_iosxe.17.09.04a.SPA.bin",
        frozenset({"iosxe", "switching", "l3switch", "routing"}),
        (*_STAMPS, "no aaa new-model", "spanning-tree mode rapid-pvst", *_SWITCH, *_CONSOLE),
    ),
    ("iosxe", "router"): Profile(
        "C8300-1N1S-4T2X",
        _XE,
        "17.9",
        "Cisco IOS Software [Cupertino], c8000be Software (X86_64_LINUX_IOSD-UNIVERSALK9-M)",
        "c8000be-universalk9.17.09.04a.SPA.bin",
        frozenset({"iosxe", "routing", "router"}),
        _XE_ROUTER_BASE,
        vty_lines=5,
    ),
}
# Products whose trunks may be ISL want `switchport trunk encapsulation dot1q` before `switchport mode trunk`.
_ENCAPSULATION: Final = "switchport trunk encapsulation "
_ISL: Final = ("3550", "3560", "3750", "4500", "6500", "IOSv", "vIOS")


def profile_of(device: LabDevice, copied: str = "") -> Profile:
    """The profile of a declared device; a model that is named replaces the default one and what follows from it.

    One that is `copied` by a configuration has the trunks that it tells of.
    """
    found = _by_model(device)
    if device.kind != "router" and _ENCAPSULATION in copied:
        return replace(found, features=found.features | {"trunk-encapsulation"})
    return found


def _by_model(device: LabDevice) -> Profile:
    found = _PROFILES[(device.platform, device.kind)]
    if not device.model:
        return found
    features = found.features - {"trunk-encapsulation"}
    if device.kind == "l3switch" and any(family in device.model for family in _ISL):
        features |= {"trunk-encapsulation"}
    return replace(found, model=device.model, features=features)
