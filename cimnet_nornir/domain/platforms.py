"""The vendors and platforms that the package can configure; anything else is refused by name."""

from collections.abc import Mapping

from cimnet_nornir.errors import InvalidValue

# Cisco IOS and IOS-XE; each platform names its driver.
PLATFORMS: Mapping[str, tuple[str, ...]] = {"cisco": ("ios", "iosxe")}


def check_platform(vendor: str, platform: str) -> None:
    """Raise InvalidValue where the vendor or its platform is not known."""
    platforms = PLATFORMS.get(vendor)
    if platforms is None:
        raise InvalidValue(f"vendor {vendor!r} is not known; known: {', '.join(sorted(PLATFORMS))}", subject="vendor")
    if platform not in platforms:
        raise InvalidValue(
            f"platform {platform!r} of {vendor} is not known; known: {', '.join(platforms)}", subject="platform"
        )
