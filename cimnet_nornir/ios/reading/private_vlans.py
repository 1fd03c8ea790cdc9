"""Private VLANs as a configuration tells them."""

import re
from typing import Final

from cimnet_nornir.domain.features.private_vlans import PrivateVlan, PrivateVlanGateway, PrivateVlanPort
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.reading.switch_settings import number
from cimnet_nornir.ios.reading.switching import interfaces
from cimnet_nornir.ios.tree import Config, sections

_KINDS: Final = ("primary", "isolated", "community")
_PORT: Final = re.compile(
    r"switchport private-vlan (?:host-association|mapping) (?P<primary>\d+) (?P<secondary>[\d,-]+)"
)


def read(config: Config, draft: Draft) -> None:
    """Take in the kinds of VLANs, the ports that are in them, and the SVIs that route for them."""
    if not draft.device.switches:
        return
    for node in sections(config, "vlan "):
        said = Said.of(node.children)
        kind = next((kind for kind in _KINDS if said.has(f"private-vlan {kind}")), None)
        if kind is not None:
            parts = said.after("private-vlan association")
            told = {} if parts is None else {"association": parts}
            draft.add(PrivateVlan, vlan=number(node.text.removeprefix("vlan ")), kind=kind, **told)
    for name, said in interfaces(config):
        mapped = said.after("private-vlan mapping")
        if mapped is not None:
            draft.add(PrivateVlanGateway, interface=name, secondary=mapped)
        mode = (said.after("switchport mode private-vlan") or "").split(" ")[0]
        words = "host-association" if mode == "host" else "mapping"
        found = _PORT.fullmatch(f"switchport private-vlan {words} {said.after(f'switchport private-vlan {words}')}")
        if mode and found is not None:
            primary = number(found["primary"])
            draft.add(PrivateVlanPort, interface=name, mode=mode, primary=primary, secondary=found["secondary"])
