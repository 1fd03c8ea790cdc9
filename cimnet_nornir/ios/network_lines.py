"""How IOS shows the networks of a routing protocol and the numbers of ASes, whatever was typed."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address

_CLASS_A, _CLASS_B, _CLASS_C = 128, 192, 224
_ADDRESS = r"(\d+\.\d+\.\d+\.\d+)"
_NETWORK = re.compile(rf"(?P<head>(?:no )?network {_ADDRESS})(?P<mask>(?: mask)? {_ADDRESS})(?P<rest>.*)")
_AS = re.compile(r"(?P<head>(?:no )?(?:router bgp|neighbor \S+ (?:remote-as|local-as))) (?P<high>\d+)\.(?P<low>\d+)\b")

_AREA = re.compile(
    r"(?P<head>(?:no )?(?:network \S+ \S+ |ip ospf \d+ |ipv6 ospf \d+ |ospfv3 \d+ ipv6 )?area )"
    rf"{_ADDRESS}(?P<rest>(?: .*)?)"
)
_IPV6_ROUTE = re.compile(r"(?:no )?ipv6 route .+", re.IGNORECASE)


def plain_area(line: str) -> str:
    """A line of OSPF with its area as a number: 0.0.0.1 is 1, and a device shows it as it was typed."""
    match = _AREA.fullmatch(line) if "area " in line else None
    if match is None:
        return line
    try:
        return f"{match['head']}{int(IPv4Address(match[2]))}{match['rest']}"
    except AddressValueError:
        return line  # nonsense stays as it stands


def ipv6_in_capitals(line: str) -> str:
    """A route for IPv6 with its addresses as IOS shows them: in capitals, as short as may be."""
    if not _IPV6_ROUTE.fullmatch(line):
        return line
    return " ".join(_capitals(word) if ":" in word else word for word in line.split(" "))


def _capitals(word: str) -> str:
    address, slash, length = word.partition("/")
    try:
        return f"{str(IPv6Address(address)).upper()}{slash}{length}"
    except AddressValueError:
        return word  # nonsense stays as it stands


def classful_length(address: IPv4Address) -> int:
    """The prefix length that an address has by its class (RFC 791): 8, 16, 24; 0 for 0.0.0.0, 32 beyond classes."""
    if int(address) == 0:
        return 0
    first = int(address) >> 24
    bounds = ((_CLASS_A, 8), (_CLASS_B, 16), (_CLASS_C, 24))
    return next((length for bound, length in bounds if first < bound), 32)


def is_classful(network: IPv4Network) -> bool:
    """Whether IOS shows the network without its mask, in BGP and in EIGRP."""
    return network.prefixlen == classful_length(network.network_address)


def plain_numbers(line: str) -> str:
    """A line of BGP with its AS number as one number: a device told `bgp asnotation dot` shows 65546 as 1.10."""
    if not line.removeprefix("no ").startswith(("router bgp ", "neighbor ")):
        return line
    return _AS.sub(lambda match: f"{match['head']} {int(match['high']) * 65536 + int(match['low'])}", line)


def short_network(line: str) -> str:
    """A `network` line of BGP (with a mask) or EIGRP (with a wildcard) without what the class of the address says."""
    match = _NETWORK.fullmatch(line)
    if match is None:
        return line
    address, mask, by_mask = match[2], match[4], match["mask"].startswith(" mask")
    if match["rest"] and not by_mask:
        return line  # of OSPF, where the area follows
    try:
        length = classful_length(IPv4Address(address))
        shape = IPv4Network(f"0.0.0.0/{length}")
        expected = shape.netmask if by_mask else shape.hostmask
        return f"{match['head']}{match['rest']}" if IPv4Address(mask) == expected else line
    except AddressValueError:
        return line  # nonsense stays as it stands
