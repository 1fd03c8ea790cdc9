"""How a push to a device can be taken back, as its running configuration tells."""

import re

from cimnet_nornir.domain.protection import Protection

_ARCHIVE = re.compile(r"^archive\n(?: .*\n)*? path (?P<path>\S+)", re.MULTILINE)
_LOCAL = re.compile(r"(?:flash|bootflash|disk|slot|nvram|usbflash|harddisk|sup-bootdisk|crashinfo)\d*:")


def protection_of(running: str, *, switches: bool) -> Protection:
    """Whether the device has what its revert timer needs: an archive with a path on its own file system."""
    found = _ARCHIVE.search(running)
    vlans_outside = switches and not re.search(r"^vtp mode (?:transparent|off)", running, re.MULTILINE)
    if found is None:
        return Protection(timer=False, reason="it has no archive", vlans_outside=vlans_outside)
    elsewhere = "" if _LOCAL.match(found["path"]) else f"its archive is elsewhere ({found['path']})"
    return Protection(timer=not elsewhere, reason=elsewhere, vlans_outside=vlans_outside)
