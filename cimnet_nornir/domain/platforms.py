"""The vendors and platforms that are known, by kind of device; anything else is refused by name."""

from collections.abc import Mapping

from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.errors import InvalidValue

Platforms = Mapping[str, tuple[str, ...]]

# Cisco IOS and IOS-XE; each platform names its driver.
PLATFORMS: Platforms = {"cisco": ("ios", "iosxe")}
# NixOS is what modules are generated for; on the others hypervisors run that are known, and not configured.
HOST_PLATFORMS: Platforms = {"nixos": ("nixos",), "vmware": ("esxi",), "microsoft": ("hyper-v",)}


# What installed drivers serve besides; the composition root says so before anything is decided.
_ADDED: dict[str, tuple[str, ...]] = {}


def add_platforms(vendor: str, platforms: tuple[str, ...]) -> None:
    """Let routers and switches have platforms that a driver serves."""
    known = _ADDED.get(vendor, ())
    _ADDED[vendor] = (*known, *(platform for platform in platforms if platform not in known))


def _network_platforms() -> Platforms:
    if not _ADDED:
        return PLATFORMS
    return {vendor: (*PLATFORMS.get(vendor, ()), *_ADDED.get(vendor, ())) for vendor in (*PLATFORMS, *_ADDED)}


def platforms_of(kind: DeviceKind) -> Platforms:
    """The platforms that devices of a kind can have, by vendor; the first of each is the usual one."""
    return HOST_PLATFORMS if kind is DeviceKind.HOST else _network_platforms()


def check_platform(kind: DeviceKind, vendor: str, platform: str) -> None:
    """Raise InvalidValue where the vendor or its platform is not known for devices of the kind."""
    known = platforms_of(kind)
    platforms = known.get(vendor)
    if platforms is None:
        of_what = "of a host " if kind is DeviceKind.HOST else ""
        raise InvalidValue(
            f"vendor {vendor!r} {of_what}is not known; known: {', '.join(sorted(known))}", subject="vendor"
        )
    if platform not in platforms:
        raise InvalidValue(
            f"platform {platform!r} of {vendor} is not known; known: {', '.join(platforms)}", subject="platform"
        )
