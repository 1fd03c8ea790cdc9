"""VRRP groups of version 3 as a configuration tells them."""

import re
from typing import Final

from cimnet_nornir.domain.features.vrrp_v3 import VrrpV3
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.first_hop import tracked
from cimnet_nornir.ios.reading.processes import Fields
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.reading.switch_settings import number
from cimnet_nornir.ios.tree import Config, sections

_GROUP: Final = re.compile(r"vrrp (?P<group>\d+) address-family (?P<family>ipv[46])")
_NUMBERS: Final = {
    "priority": "priority",
    "advertise": "timers advertise",
    "preempt_delay_minimum": "preempt delay minimum",
}


def read(config: Config, draft: Draft) -> None:
    """Take in each group of each interface."""
    for node in sections(config, "interface "):
        for child in node.children:
            match = _GROUP.fullmatch(child.text)
            if match is not None:
                name = node.text.removeprefix("interface ")
                key = {"interface": name, "group": int(match["group"]), "family": match["family"]}
                draft.add(VrrpV3, **key, **_fields(Said.of(child.children)))


def _fields(said: Said) -> Fields:
    addresses = [text.partition(" ") for text in said.each("address")]
    told: Fields = {name: number(said.after(words)) for name, words in _NUMBERS.items()}
    return {
        **{name: value for name, value in told.items() if value is not None},
        "address": next((address for address, _, kind in addresses if kind == "primary"), None),
        "secondary": tuple(address for address, _, kind in addresses if kind == "secondary"),
        "description": said.after("description"),
        "preempt": not said.has("no preempt"),
        "match_address": not said.has("no match-address"),
        "version_2": said.has("vrrpv2"),
        "track": tuple(tracked(text) for text in said.each("track")),
        "shutdown": said.has("shutdown"),
    }
