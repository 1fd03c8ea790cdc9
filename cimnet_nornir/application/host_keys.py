"""SSH host keys: the key a device showed first is pinned by a person, as an event; another one is refused later."""

import base64
import hashlib
import struct
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from cimnet_nornir.application.changes import ChangeResult
from cimnet_nornir.application.ports import Progress, ReadResult
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.commands import PinHostKey
from cimnet_nornir.errors import DeviceError, InvalidValue

_AT_ONCE = 16
_NO_KEY = "this is no SSH public key; it looks like: ssh-ed25519 AAAA…"


def fingerprint(key: str) -> str:
    """The fingerprint of a public key line as OpenSSH shows it: SHA256 and unpadded Base64 (ssh-keygen(1)).

    Raises InvalidValue where the line is no public key.
    """
    parts = key.split()
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except (IndexError, ValueError) as error:
        raise InvalidValue(_NO_KEY, subject="host key") from error
    # A key begins with the name of its type, as a string after its length (RFC 4253, 6.6).
    kind = parts[0].encode()
    if not blob.startswith(struct.pack(">I", len(kind)) + kind):
        raise InvalidValue(_NO_KEY, subject="host key")
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def pin_host_keys(service: NetworkService, keys: Mapping[str, str], *, command: str) -> ChangeResult:
    """Pin the keys, by device id, for the service's environment; those that are pinned already change nothing."""
    commands = [
        PinHostKey(device=device, environment=service.environment, key=_bare(key), fingerprint=fingerprint(key))
        for device, key in keys.items()
    ]
    return service.change(
        lambda network: [item for item in commands if item.device in network.devices],
        command=command,
        arguments={"environment": service.environment, "devices": sorted(keys)},
    )


def shown_host_keys(
    service: NetworkService, hosts: Mapping[str, str], *, progress: Progress | None = None
) -> dict[str, ReadResult]:
    """The key that each managed host shows now, by id, or why none was seen; `hosts` are their names."""

    def shown(host: str) -> ReadResult:
        tell(hosts[host], "started")
        try:
            key = service.host_port.host_key(host)
        except DeviceError as error:
            tell(hosts[host], "failed")
            return error
        tell(hosts[host], "done")
        return key

    tell = progress or (lambda _name, _what: None)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return dict(zip(hosts, pool.map(shown, hosts), strict=True))


def _bare(key: str) -> str:
    """Without the comment, which says nothing about the device."""
    return " ".join(key.split()[:2])
