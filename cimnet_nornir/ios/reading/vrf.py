"""VRFs in both forms as a configuration tells them, and the interfaces in them."""

import re
from typing import Any

from cimnet_nornir.domain.features.vrf import Vrf, VrfDefinition
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.interface_settings import number_or_word
from cimnet_nornir.ios.reading.interfaces import interfaces
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config, Node

_VRF = re.compile(r"(?P<form>vrf definition|ip vrf) (?P<name>\S+)")
_LEAK = re.compile(r"ipv[46] (?P<kind>unicast|multicast)(?: (?P<limit>\d+))? map (?P<map>\S+)")


def read(config: Config, draft: Draft) -> None:
    """Take in each VRF, and who is in which."""
    forms: dict[str, str] = {}
    for node in config.nodes:
        match = _VRF.fullmatch(node.text)
        if match is not None:
            forms[match["name"]] = match["form"]
            draft.add(VrfDefinition, **match.groupdict(), **_definition(node))
    for name, said in interfaces(config):
        for form, words in (("vrf definition", "vrf forwarding"), ("ip vrf", "ip vrf forwarding")):
            vrf = said.after(words)
            if vrf is not None and forms.get(vrf) == form:
                draft.add(Vrf, interface=name, name=vrf, form=form)


def _definition(node: Node) -> dict[str, Any]:
    said = Said.of(node.children)
    families = {
        child.text.removeprefix("address-family "): _exchange(Said.of(child.children)) or None
        for child in node.children
        if child.text.startswith("address-family ")
    }
    return {
        "description": said.after("description"),
        "rd": said.after("rd"),
        "families": families,
        **_exchange(said),
    }


def _exchange(said: Said) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for way in ("import", "export"):
        found[f"{way}_targets"] = said.each(f"route-target {way}")
        found[f"{way}_map"] = said.after(f"{way} map")
        leak = next((match for text in said.each(way) if (match := _LEAK.fullmatch(text))), None)
        if leak is not None:
            found[f"{way}_global"] = {**leak.groupdict(), "limit": number_or_word(leak["limit"])}
    return {field: value for field, value in found.items() if value}
