"""Scrubbing a recording: what is replaced, what stays, and what is told of it."""

import pytest

from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.ios.addresses_scrubbed import Addresses
from cimnet_nornir.ios.recording import COMMANDS, ERRORS, Exchange, Recording, commands_from, scrubbed
from cimnet_nornir.ios.scrubbing import Scrubber

KEY = b"of this test alone"


def scrub(text: str, **known: tuple[str, ...]) -> str:
    return Scrubber(KEY, known).scrub([text])[0]


def test_a_session_reads_as_before_with_other_names() -> None:
    text = "show run\r\nhostname acme-sw1\r\n!\r\nusername ann secret 9 $9$abc\r\nip domain name acme.net\r\nacme-sw1#"
    assert scrub(text) == (
        "show run\r\nhostname host1\r\n!\r\nusername user1 secret 9 <masked>\r\nip domain name domain1\r\nhost1#"
    )


def test_a_neighbour_is_the_same_with_its_domain_and_without() -> None:
    text = "ip domain name acme.net\nDevice ID: dist1.acme.net\n description to dist1\nSystem Name: dist1\n"
    assert scrub(text) == "ip domain name domain1\nDevice ID: host1.domain1\n description text1\nSystem Name: host1\n"


def test_what_the_project_knows_is_replaced_where_no_line_tells_what_it_is() -> None:
    assert scrub("a note about r9 and bob\n", host=("r9",), user=("bob",)) == "a note about host1 and user1\n"


def test_a_long_name_is_recognised_where_a_column_cuts_it_off() -> None:
    text = "hostname acme-berlin-distribution-1\nacme-berlin-distribu(config)#\nacme-berlin-d   Gig 1/0/1\n"
    assert scrub(text) == "hostname host1\nhost1(config)#\nhost1           Gig 1/0/1\n"


def test_words_of_ios_stay_where_they_are_not_the_value() -> None:
    text = "username cisco\ncisco WS-C2960X processor\nvlan 10\n name management\nManagement address(es):\n"
    assert scrub(text) == "username user1\ncisco WS-C2960X processor\nvlan 10\n name text1\nManagement address(es):\n"


@pytest.mark.parametrize(
    "line",
    [
        "VTP Domain Name                 : ",
        "Default domain is not set",
        "User              : unknown",
        "1    default                          active    Gi1/0/1",
        "1002 fddi-default                     act/unsup",
        "router ospf 1",
        " network 0.0.0.0 255.255.255.255 area 0",
        " ip address 127.0.0.1 255.0.0.0",
        "  Encapsulation ARPA, loopback not set",
        "r>i172.16.0.0/12",
        "             ^",
        "% Invalid input detected at '^' marker.",
        "Uptime 09:10:11, address ffff.ffff.ffff, 0100.0ccc.cccc",
    ],
)
def test_what_tells_nothing_stays(line: str) -> None:
    kept = scrub(line)
    assert kept == line or kept.startswith("r>i172.")


def test_columns_of_tables_stay_where_they_are() -> None:
    row = "10   engineering-floor-3              active    Gi1/0/1"
    assert scrub(row) == "10   text1                            active    Gi1/0/1"
    row = "Gi1/0/7   to acme warehou    notconnect   10           auto   auto 10/100/1000BaseTX"
    assert scrub(row) == "Gi1/0/7   text1              notconnect   10           auto   auto 10/100/1000BaseTX"


def test_certificates_and_keys_are_blotted_out() -> None:
    text = "  30820330 30820218 A0030201\nssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7cimnetcimnetcimnet\n"
    assert scrub(text) == "  00000000 00000000 00000000\nssh-rsa <key>\n"


def test_it_is_counted_and_not_told_what_was_replaced() -> None:
    scrubber = Scrubber(KEY, {"host": ("never-seen",)})
    scrubber.scrub(["hostname acme1\nenable secret 5 abcdefgh\n ip address 192.0.2.7 255.255.255.0\n"])
    assert scrubber.counts == {"address": 1, "host": 1, "secret": 1}
    assert "acme1" not in repr(scrubber)
    assert "abcdefgh" not in repr(scrubber)


def test_another_key_gives_other_addresses() -> None:
    assert Addresses(b"one").scrub("8.8.4.4") != Addresses(b"two").scrub("8.8.4.4") != "8.8.4.4"


def test_masks_wildcards_and_private_ranges_stay() -> None:
    text = "ip route 10.0.0.0 255.0.0.0 Null0\n network 192.168.0.0 0.0.255.255 area 0\n"
    assert Addresses(KEY).scrub(text) == text
    assert Addresses(KEY).scrub("10.1.2.3").startswith("10.")


# --- the file ---------------------------------------------------------------------------------------------------------


def recording(*exchanges: Exchange) -> Recording:
    return Recording("lab", "ios", "switch", "netmiko 4", {}, exchanges)


def test_a_command_that_names_a_neighbour_is_its_own_echo_afterwards_too() -> None:
    wire = "show cdp entry dist1\r\nDevice ID: dist1\r\nacme#"
    found = scrubbed(recording(Exchange("show cdp entry dist1", wire)), KEY, {"host": ("acme", "dist1")})
    (exchange,) = found.exchanges
    assert exchange.command == "show cdp entry host2"
    assert exchange.wire == "show cdp entry host2\r\nDevice ID: host2\r\nhost1#"
    assert (exchange.answer, exchange.prompt) == ("Device ID: host2", "host1#")


def test_a_file_is_read_as_it_was_written_with_every_sign() -> None:
    kept = recording(Exchange("", "\r\r\nsw1#"), Exchange("show x", "show x\r\n\x07^C ü\n\r\nsw1#"))
    assert Recording.from_json(kept.to_json()) == kept


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "cimnet-recording-9"}'])
def test_a_file_that_is_no_recording_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="this is no recording"):
        Recording.from_json(text)


def test_a_file_of_commands_has_one_a_line() -> None:
    assert commands_from("# mine\n\nshow clock\n  dir flash:\nshow run | include ^ip\n! end\n") == (
        "show clock",
        "dir flash:",
        "show run | include ^ip",
    )


@pytest.mark.parametrize(
    "command",
    [
        "configure terminal",
        "write memory",
        "reload",
        "show run | redirect flash:x",
        "show run | tee flash:x",
        "show run | append flash:x",
        "show run | include x | redirect flash:x",
        "clear counters",
        "ping 192.0.2.1",
        "showx",
    ],
)
def test_a_command_that_may_do_more_than_read_is_refused(command: str) -> None:
    with pytest.raises(InvalidInput, match="is not recorded"):
        commands_from(command)


def test_what_is_sent_unasked_only_reads() -> None:
    assert commands_from("\n".join((*COMMANDS, *ERRORS[1:]))) == (*COMMANDS, *ERRORS[1:])
