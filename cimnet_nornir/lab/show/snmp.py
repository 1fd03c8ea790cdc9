"""`show snmp user`: the users of SNMPv3, which no configuration shows."""

from typing import TYPE_CHECKING

from cimnet_nornir.lab.features.snmp_users import kept_users
from cimnet_nornir.lab.links import mac_address

if TYPE_CHECKING:
    from cimnet_nornir.lab.command import Request
    from cimnet_nornir.lab.device import Device


def users(request: "Request") -> str:
    device, only = request.device, request.values.get("user", "")
    found = kept_users(device.storage.read_private())
    blocks = [_user(_engine(device), name, group, rest) for (name, group), rest in found.items() if only in {"", name}]
    return "\n".join(blocks)


def _user(engine: str, name: str, group: str, rest: str) -> str:
    words = rest.split()
    return "\n".join(
        [
            f"User name: {name}",
            f"Engine ID: {engine}",
            f"storage-type: nonvolatile\t active{_access(words)}",
            f"Authentication Protocol: {_after(words, 'auth').upper()}",
            f"Privacy Protocol: {_privacy(words)}",
            f"Group-name: {group}",
            "",
        ]
    )


def _access(words: list[str]) -> str:
    name = _after(words, "access")
    return "" if name == "None" else f" access-list: {name}"


def _privacy(words: list[str]) -> str:
    protocol = _after(words, "priv")
    bits = words[words.index("aes") + 1] if protocol == "aes" else ""
    return protocol if protocol == "None" else f"{protocol.upper()}{bits}"


def _after(words: list[str], word: str) -> str:
    return words[words.index(word) + 1] if word in words else "None"


def _engine(device: "Device") -> str:
    """The configured engine, or the one that is made of Cisco's number and the device's address."""
    made = f"800000090300{mac_address(device).replace('.', '').upper()}"
    return device.running.value("snmp-server engineID local", name="engine", default=made)
