"""Nothing that tells whose device it is survives the scrubbing of a recording, wherever it stands."""

import ipaddress
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cimnet_nornir.ios.addresses_scrubbed import Addresses
from cimnet_nornir.ios.scrubbing import Scrubber

KEY = b"of this test alone"
WORD = st.from_regex(r"[a-z]{3}[0-9]{2}[A-Za-z]{2,20}", fullmatch=True)
TEXT = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
SERIAL = st.from_regex(r"[A-Z]{3}[0-9]{4}[A-Z0-9]{4}", fullmatch=True)
MAC = st.from_regex(r"00[1-9a-f]{2}\.[0-9a-f]{4}\.[0-9a-f]{3}[1-9]", fullmatch=True)
# Hosts that anybody may have: of private ranges, and of everybody's.
ADDRESS = st.ip_addresses(v=4).filter(
    lambda address: (
        (address.is_private or address.is_global)
        and 1 <= int(address) >> 24 < 224
        and not (address.is_loopback or address.is_link_local or address.is_reserved)
        and 0 < int(address) & 0xFF < 255
    )
)
SECRET = st.from_regex(r"[A-Za-z]{4}[0-9]{3}[A-Za-z$/.]{6}", fullmatch=True)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "host": WORD,
    "user": WORD,
    "domain": WORD,
    "serial": SERIAL,
    "mac": MAC,
    "address": ADDRESS,
    "ipv6": st.ip_addresses(v=6, network="2a00::/12"),
    "neighbor": WORD,
    "text": TEXT,
    "vlan": WORD,
    "secret": SECRET,
    "banner": TEXT,
}
PLACES: dict[str, tuple[str, ...]] = {
    "host": ("hostname {}\n", "{} uptime is 1 week\n", "{}#show version\n", "{}#"),
    "user": ("username {} privilege 15\n", "! Last configuration change at 09:00:00 UTC Mon Nov 2 2026 by {}\n"),
    "domain": ("ip domain name {}.example\n", "VTP Domain Name                 : {}\n", "vtp domain {}\n"),
    "serial": ("Processor board ID {}\n", "System serial number            : {}\n", "PID: X, SN: {}\n"),
    "mac": ("  Hardware is Gig, address is {} (bia {})\n", "             Address     {}\n"),
    "address": (" ip address {} 255.255.255.0\n", "  IP address: {}\n", "ntp server {}\n", "[{}/32] via {}\n"),
    "ipv6": (" ipv6 address {}/64\n", "    {}, subnet\n"),
    "neighbor": ("Device ID: {}.example.net\n", "System Name: {}\n", " description to {} here\n"),
    "text": (" description {}\n", "  Description: {}\n", "snmp-server location {}\n", " remark {}\n"),
    "vlan": (" name {}\n", "10   {}                     active    Gi1/0/1\n"),
    "secret": ("enable secret 5 {}\n", "snmp-server community {} RO\n", "tacacs-server key 7 {}\n"),
    "banner": ("banner motd ^C\nwelcome to {}\n^C\n", "banner exec ^C{}^C\n"),
}


@st.composite
def recorded(draw: st.DrawFn) -> tuple[dict[str, str], list[str]]:
    """Values by kind, and what a device says of them, in any order."""
    values = {kind: str(draw(strategy)) for kind, strategy in VALUES.items()}
    lines = [line.replace("{}", values[kind]) for kind, places in PLACES.items() for line in places]
    # A description may speak of anything.
    lines += [f" description {values[kind]} and more\n" for kind in draw(st.sets(st.sampled_from(sorted(values))))]
    said = draw(st.permutations(lines))
    return values, [part.replace("\n", "\r\n") for part in said]


@given(recorded())
def test_no_value_survives_and_every_line_end_does(case: tuple[dict[str, str], list[str]]) -> None:
    values, texts = case
    scrubbed = Scrubber(KEY).scrub(texts)
    whole = "".join(scrubbed)
    for kind, value in values.items():
        assert value not in whole, kind
        assert value.lower() not in whole.lower(), kind
    assert [re.findall(r"[\r\n]+", text) for text in scrubbed] == [re.findall(r"[\r\n]+", text) for text in texts]


@given(recorded())
def test_a_value_has_one_stand_in_wherever_it_stands(case: tuple[dict[str, str], list[str]]) -> None:
    values, _ = case
    for kind in ("host", "serial", "mac", "address", "user"):
        places = PLACES[kind]
        texts = [line.replace("{}", values[kind]) for line in places]
        scrubbed = Scrubber(KEY).scrub(texts)
        found = set()
        for text, line in zip(scrubbed, places, strict=True):
            pattern = "(.+?)".join(re.escape(part) for part in line.split("{}"))
            match = re.fullmatch(pattern, text) or re.fullmatch(pattern.replace("(.+?)", "(.+)"), text)
            assert match is not None, (line, text)
            found |= set(match.groups())
        assert len(found) == 1, found


@given(st.integers(8, 30), st.lists(ADDRESS, min_size=2, max_size=6), st.binary(min_size=8, max_size=16))
def test_what_is_in_one_network_stays_in_one(length: int, addresses: list[ipaddress.IPv4Address], key: bytes) -> None:
    scrubbed = Addresses(key)
    network = ipaddress.IPv4Network(f"{addresses[0]}/{length}", strict=False)
    written = scrubbed.scrub(f"ip route {network.network_address} {network.netmask} Null0").split()
    stand_in = ipaddress.IPv4Network(f"{written[2]}/{written[3]}")
    for address in addresses:
        other = ipaddress.IPv4Address(scrubbed.scrub(str(address)))
        assert (other in stand_in) == (address in network)
    assert len({scrubbed.scrub(str(address)) for address in addresses}) == len(set(addresses))
