"""One line of configuration in the one form in which lines are compared: spaces, letter case, names."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from cimnet_nornir.domain.interfaces import canonical_interface, is_interface
from cimnet_nornir.ios.first_words import by_first_word
from cimnet_nornir.ios.layer3_lines import shown_line
from cimnet_nornir.ios.network_lines import plain_area, plain_numbers, short_network
from cimnet_nornir.ios.policy_lines import ipv6_in_capitals, policy_line
from cimnet_nornir.ios.qos_lines import qos_line
from cimnet_nornir.ios.service_lines import service_line
from cimnet_nornir.ios.switching_lines import switching_line

# After these words the rest is somebody's text or a name with a case of its own.
_FREE = re.compile(
    r"(?i)^((?:(?:sequence +)?\d+ +)?remark|description|hostname|name|neighbor \S+ description"
    r"|snmp-server (?:location|contact)|(?:no )?snmp-server community"
    r"|username|enable (?:secret|password)|password|alias \S+ \S+) +(?=\S)"
)
# Where in a line an interface name stands: the words before it, then the name, possibly with a space inside.
_NAME = r"(?P<name>[A-Za-z][A-Za-z-]* ?\d[\d/.:]*)(?= |$)"
_PLACES = tuple(
    f"(?P<before>{before} ){_NAME}"
    for before in (
        "(?:no )?interface",
        "(?:no )?passive-interface",
        "(?:no )?af-interface",
        "(?:no )?neighbor \\S+ update-source",
        "(?:no )?(?:ip|ipv6) unnumbered",
        "(?:no )?ip address dhcp client-id",
        "(?:no )?ip nat \\S+ source (?:list|route-map) \\S+ interface",
        "(?:no )?ip nat \\S+ source static (?:(?:tcp|udp|esp) )?\\S+(?: \\d+)? interface",
        "tunnel source",
        (
            "(?:ntp|logging|snmp-server|ip \\S+|radius-server|tacacs-server) (?:\\S+ )?"
            "(?:source|source-interface|trap-source)"
        ),
        "track \\d+ interface",
        "standby(?: \\d+)? track",
        "(?:no )?ip route (?:vrf \\S+ )?\\d\\S* \\d\\S*",
        "(?:no )?ipv6 route (?:vrf \\S+ )?\\S+/\\d+",
        "(?:no )?distribute-list (?:prefix \\S+|route-map \\S+|\\S+) (?:in|out)",
        "match interface",
        "set interface",
    )
)
# Words that IOS knows, as they stand at the beginning of a line; a line is lowered up to its first other word.
_KEYWORDS = frozenset(
    """
    aaa access access-class access-group access-list activate add address address-family aggregate-address all
    allowed area as-path authentication auto auto-cost banner bgp bpduguard channel-group clock community-list con
    cost default default-gateway default-information default-originate deny description dhcp domain dot1q duplex
    dynamic enable encapsulation except exec-timeout extended forwarding full half helper-address hostname in
    include input interface ip ipv4 ipv6 line local log logging login lookup match mode mst mtu name native neighbor
    network no none nonegotiate ntp originate ospf out output passive-interface password permit point-to-point
    portfast prefix-list priority pvst rapid-pvst redistribute reference-bandwidth remark remote-as remove route
    route-map router router-id routing secondary server service set shutdown snmp-server spanning-tree speed
    standard standby static subnets switchport synchronous transport trunk unicast update-source username version
    vlan voice vrf vtp vty
    """.split()  # noqa: SIM905 - a list of a hundred strings would be no easier to read
)


@lru_cache(maxsize=32768)
def canonical_line(text: str) -> str:
    """The line with single spaces, lower-case keywords and full interface names; a block of several lines as it is.

    What follows `description`, `remark`, `hostname` and the like keeps its letters and its spaces.
    """
    if "\n" in text:
        return text
    free = _FREE.match(text)
    if free is not None:
        return service_line(f"{_lowered(' '.join(free[1].split()))} {text[free.end() :].rstrip()}")
    line = shown_line(_dialect(ipv6_in_capitals(plain_area(_lowered(" ".join(text.split()))))))
    for place in _places()(line):
        match = place.match(line)
        if match is not None and is_interface(match["name"]):
            return service_line(f"{match['before']}{canonical_interface(match['name'])}{line[match.end() :]}")
    shown = policy_line(short_network(plain_numbers(line)))
    return ipv6_in_capitals(service_line(switching_line(qos_line(shown))))


@cache
def _places() -> Callable[[str], tuple[re.Pattern[str], ...]]:
    return by_first_word([(place, re.compile(place, re.IGNORECASE)) for place in _PLACES])


# After these a name follows, which may look like a keyword and keeps its letters.
_NAMED = frozenset(
    {"access-class", "access-group", "authentication", "community-list", "domain", "extended", "forwarding"}
    | {"name", "neighbor", "peer-group", "prefix-list", "route-map", "standard", "vrf"}
)


def _lowered(line: str) -> str:
    words = line.split(" ")
    for index, word in enumerate(words):
        if word.lower() not in _KEYWORDS:
            break
        words[index] = word.lower()
        if words[index] in _NAMED:
            break
    return " ".join(words)


_PORTFAST = r"\1spanning-tree portfast\2"
# Two spellings of one line, old and new: the new one is what is compared and sent.
_DIALECT = (
    (r"ip domain-name (\S+)", r"ip domain name \1"),
    (r"ip domain-name (vrf \S+ \S+)", r"ip domain name \1"),
    (r"(no )?ip domain-lookup( .+)?", r"\1ip domain lookup\2"),
    (r"ip domain-list (.+)", r"ip domain list \1"),
    (r"clock timezone (\S+) (-?\d+)", r"clock timezone \1 \2 0"),
    (r"exec-timeout (\d+)", r"exec-timeout \1 0"),
    (r"no exec-timeout", r"exec-timeout 0 0"),
    (r"transport (input|output) ssh telnet", r"transport \1 telnet ssh"),
    (
        r"radius-server host (\S+)((?: (?!auth-port|acct-port)\S+)*)",
        r"radius-server host \1 auth-port 1645 acct-port 1646\2",
    ),
    (
        r"radius-server host (\S+) auth-port (\d+)((?: (?!acct-port)\S+)*)",
        r"radius-server host \1 auth-port \2 acct-port 1646\3",
    ),
    (r"logging (\d+\.\d+\.\d+\.\d+)", r"logging host \1"),
    (r"address-family (ipv[46]) unicast", r"address-family \1"),
    (r"address-family ipv4 (vrf \S+ )?(autonomous-system \d+)", r"address-family ipv4 unicast \1\2"),
    (r"(no )?spanning-tree portfast edge( trunk| default| bpduguard default| bpdufilter default)?", _PORTFAST),
    (r"line console (\d+)", r"line con \1"),
    (r"(no )?encapsulation dot1q (.+)", r"\1encapsulation dot1Q \2"),
    (r"eigrp stub", r"eigrp stub connected summary"),
)


@cache
def _dialects() -> Callable[[str], tuple[tuple[re.Pattern[str], str], ...]]:
    return by_first_word([(pattern, (re.compile(pattern), new)) for pattern, new in _DIALECT])


def _dialect(line: str) -> str:
    for pattern, new in _dialects()(line):
        match = pattern.fullmatch(line)
        if match is not None:
            return match.expand(new)
    return line
