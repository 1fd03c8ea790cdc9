"""How IOS shows lines of IPv6, first-hop redundancy, VRFs and NAT, whatever was typed.

What it adds by itself ("overload" with an interface, "extendable" with a port) is added here, and what says a default
inside a line is left out.
"""

import re
from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Interface

_FIRST_HOP = re.compile(r"(?P<no>no )?(?P<protocol>standby|vrrp) (?:(?P<group>\d+) )?(?P<rest>.+)")
# These are of the interface, not of a group.
_OF_THE_INTERFACE = ("version ", "version", "delay", "use-bia", "bfd", "redirect", "mac-refresh")
_WORDS_OF_A_GROUP = r"(?:ip|ipv6|priority|preempt|timers|authentication|name|mac-address|follow|track)\b.*"
_POOL = re.compile(r"(?P<head>(?:no )?ip nat pool \S+ \S+ \S+) prefix-length (?P<length>\d+)(?P<rest>.*)")
_BY_INTERFACE = re.compile(r"(?:no )?ip nat \S+ source (?:list|route-map) \S+ interface .+")
_BY_PORT = re.compile(
    r"(?:no )?ip nat \S+ source static (?:tcp|udp) \S+ \d+ \d+\.\d+\.\d+\.\d+ \d+(?: (?:vrf|route-map) \S+)*"
)
_BY_NETWORK = re.compile(
    r"(?P<head>(?:no )?ip nat \S+ source static network \S+ \S+) (?P<mask>\d+\.\d+\.\d+\.\d+)(?P<rest>.*)"
)


def shown_line(line: str) -> str:
    """The line as a device shows it; one that is about nothing of the kind comes back as it is."""
    said = line.removeprefix("no ")
    for beginning, shown in _SHOWN:
        if said.startswith(beginning):
            return shown(line)
    return line


def _first_hop(line: str) -> str:
    match = _FIRST_HOP.fullmatch(line)
    if match is None or match["rest"].startswith(_OF_THE_INTERFACE):
        return line
    group, rest = match["group"], match["rest"]
    if group is None:
        if match["protocol"] == "vrrp" or not re.fullmatch(_WORDS_OF_A_GROUP, rest):
            return line
        group = "0"  # of HSRP, the group that has no number
    if match["protocol"] == "standby":
        rest = rest.replace("authentication text ", "authentication ", 1)
    elif re.fullmatch(r"authentication (?!text |md5 )\S+", rest):
        rest = rest.replace("authentication ", "authentication text ", 1)
    if rest.startswith("track "):
        rest = rest.removesuffix(" decrement 10")
    return f"{match['no'] or ''}{match['protocol']} {group} {rest}"


def _ipv6(line: str) -> str:
    """The first address in the line in capitals and in its shortest form; eui-64 leaves the host part to the device."""
    words = line.split(" ")
    for index, word in enumerate(words):
        if ":" in word:
            words[index] = _address(word)
            break
    return " ".join(words)


def _address(word: str) -> str:
    try:
        return str(IPv6Interface(word) if "/" in word else IPv6Address(word)).upper()
    except ValueError:
        return word  # nonsense stays as it stands


def _nat(line: str) -> str:
    if (pool := _POOL.fullmatch(line)) is not None:
        return f"{pool['head']} netmask {IPv4Network((0, int(pool['length']) % 33)).netmask}{pool['rest']}"
    if (network := _BY_NETWORK.fullmatch(line)) is not None:
        return f"{network['head']} {_length(network['mask'])}{network['rest']}"
    if _BY_INTERFACE.fullmatch(line) and not line.endswith(" overload"):
        return f"{line} overload"
    return f"{line} extendable" if _BY_PORT.fullmatch(line) else line


def _length(mask: str) -> str:
    try:
        IPv4Address(mask)
        return f"/{IPv4Network(f'0.0.0.0/{mask}').prefixlen}"
    except (AddressValueError, ValueError):
        return mask


_SHOWN: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("standby ", _first_hop),
    ("vrrp ", _first_hop),
    ("ipv6 address ", _ipv6),
    ("ipv6 nd prefix ", _ipv6),
    ("ip nat ", _nat),
)
