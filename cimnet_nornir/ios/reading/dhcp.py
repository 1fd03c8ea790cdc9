"""The DHCP server as a configuration tells it."""

import re
from typing import Any, Final

from cimnet_nornir.domain.features.dhcp import DhcpExclusion, DhcpPool
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.tree import Config, Node

_EXCLUDED: Final = re.compile(r"ip dhcp excluded-address (?:vrf (?P<vrf>\S+) )?(?P<first>\S+)(?: (?P<last>\S+))?")
_POOL: Final = re.compile(r"ip dhcp pool (?P<name>\S+)")
_LINE: Final = re.compile(
    r"(?P<name>vrf|client-identifier|hardware-address|client-name|domain-name|bootfile|netbios-node-type)"
    r" (?P<value>\S+)"
)
_LIST: Final = re.compile(r"(?P<name>default-router|dns-server|netbios-name-server|next-server) (?P<value>.+)")
_WHERE: Final = re.compile(r"(?P<name>network|host) (?P<address>\S+) (?P<mask>\S+)")
_OPTION: Final = re.compile(r"option (?P<code>\d+) (?P<kind>ascii|hex|ip) (?P<value>.+)")
_LEASE: Final = re.compile(r"lease (?P<days>\d+)(?: (?P<hours>\d+))?(?: (?P<minutes>\d+))?")
_NAMES: Final = {
    "client-identifier": "client_identifier",
    "hardware-address": "hardware_address",
    "client-name": "client_name",
    "domain-name": "domain_name",
    "bootfile": "boot_file",
    "netbios-node-type": "netbios_node_type",
    "default-router": "default_routers",
    "dns-server": "dns_servers",
    "netbios-name-server": "netbios_name_servers",
    "next-server": "next_servers",
}

Fields = dict[str, Any]


def read(config: Config, draft: Draft) -> None:
    """Take in what a configuration says of the DHCP server."""
    for node in config.nodes:
        if match := _EXCLUDED.fullmatch(node.text):
            draft.add(DhcpExclusion, **match.groupdict())
        elif match := _POOL.fullmatch(node.text):
            draft.add(DhcpPool, name=match["name"], **_pool(node))


def _pool(node: Node) -> Fields:
    found: Fields = {"options": []}
    for child in node.children:
        if match := _LINE.fullmatch(child.text):
            found[_NAMES.get(match["name"], match["name"])] = match["value"]
        elif match := _LIST.fullmatch(child.text):
            found[_NAMES[match["name"]]] = match["value"].split(" ")
        elif match := _WHERE.fullmatch(child.text):
            found[match["name"]] = f"{match['address']}/{match['mask']}"
        elif match := _OPTION.fullmatch(child.text):
            found["options"].append({**match.groupdict(), "code": int(match["code"])})
        elif child.text.startswith("lease "):
            found["lease"] = _lease(child.text)
    return found


def _lease(line: str) -> int | str:
    match = _LEASE.fullmatch(line)
    if match is None:
        return "infinite"
    return int(match["days"]) * 1440 + int(match["hours"] or 0) * 60 + int(match["minutes"] or 0)
