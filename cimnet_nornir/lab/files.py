"""Files and configurations by the names that `copy`, `more` and `configure replace` take."""

from typing import TYPE_CHECKING

from cimnet_nornir.lab.flash import RUNNING, STARTUP

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device


def content_of(device: "Device", url: str) -> bytes | None:
    """The bytes behind a name: running or startup configuration, `null:`, a file in flash; None when there is none."""
    if url in RUNNING:
        return device.running_config().encode()
    if url in STARTUP:
        return device.startup.encode() or None
    return b"" if url == "null:" else device.flash.read(url)


def text_of(device: "Device", url: str) -> str | None:
    """The text behind a name."""
    content = content_of(device, url)
    return None if content is None else content.decode("utf-8", "replace")
