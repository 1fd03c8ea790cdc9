"""Tunnels as a configuration tells them."""

from typing import Any

from cimnet_nornir.domain.features.tunnels import Tunnel
from cimnet_nornir.domain.interfaces import interface_type
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.interface_settings import number_or_word
from cimnet_nornir.ios.reading.interfaces import interfaces
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config

_FIELDS = {
    "source": "source",
    "destination": "destination",
    "mode": "mode",
    "key": "key",
    "ttl": "ttl",
    "vrf": "vrf",
    "ipsec_profile": "protection ipsec profile",
}


def read(config: Config, draft: Draft) -> None:
    """Take in each tunnel that is told anything."""
    for name, said in interfaces(config):
        if interface_type(name) == "Tunnel":
            found = _fields(said)
            if found:
                draft.add(Tunnel, interface=name, **found)


def _fields(said: Said) -> dict[str, Any]:
    told = {field: number_or_word(said.after(f"tunnel {words}")) for field, words in _FIELDS.items()}
    found: dict[str, Any] = {field: value for field, value in told.items() if value is not None}
    for field, words in (("checksum", "checksum"), ("path_mtu_discovery", "path-mtu-discovery")):
        if said.has(f"tunnel {words}"):
            found[field] = True
    keepalive = (said.after("keepalive") or "").split(" ")
    if keepalive[0].isdecimal():
        found["keepalive"] = int(keepalive[0])
        found["retries"] = int(keepalive[1]) if len(keepalive) > 1 else 3
    return found
