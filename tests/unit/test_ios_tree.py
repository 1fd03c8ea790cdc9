"""Configurations are read as a tree: sections by indentation, several lines of one command as one node."""

import logging
import random
import warnings
from typing import Any

import pytest

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.blocks import typed_banner
from cimnet_nornir.ios.tree import Config, Node, _parser_class, find, parse_config, sections, to_text, walk


def _texts(text: str) -> list[tuple[str, ...]]:
    return list(walk(parse_config(text)))


def test_a_section_holds_the_lines_that_stand_in_from_it() -> None:
    text = (
        "interface GigabitEthernet0/1\n description x\n shutdown\n"
        "router bgp 1\n address-family ipv4\n  network 10.0.0.0\n"
    )
    assert to_text(parse_config(text)) == text


def test_comments_and_empty_lines_are_left_out() -> None:
    assert _texts("!\nhostname a\n\n! a comment\ninterface Vlan1\n ! inside\n shutdown\n!\n") == [
        ("hostname a",),
        ("interface Vlan1",),
        ("interface Vlan1", "shutdown"),
    ]


@pytest.mark.parametrize("seed", range(20))
def test_the_tree_is_the_one_that_ciscoconfparse_finds_in_the_whole_text(seed: int) -> None:
    draw = random.Random(seed)
    lines = [f"{' ' * draw.choice((0, 0, 1, 1, 1, 2, 2, 3, 5))}line {number}" for number in range(40)]

    def node(item: Any) -> Node:
        return Node(item.text.strip(), tuple(node(child) for child in item.children))

    items = _parser_class()(lines, syntax="ios").objs
    assert parse_config("\n".join(lines)).nodes == tuple(node(item) for item in items if item.parent is item)


def test_braces_mean_nothing() -> None:
    text = "event manager applet a\n action 1 puts {\n } 2\n action 3 puts }\nhostname a\n"
    assert to_text(parse_config(text)) == text


def test_no_text_is_an_empty_configuration() -> None:
    assert parse_config("\n!\n") == Config()
    assert to_text(Config()) == ""


def test_windows_line_ends_and_tabs_are_read() -> None:
    assert _texts("interface Vlan1\r\n\tshutdown\r\n") == [("interface Vlan1",), ("interface Vlan1", "shutdown")]


@pytest.mark.parametrize(
    "written",
    [
        "banner motd ^C\nhello\n\n! not a comment\ninterface not-one\n^C",
        "banner motd \x03\nhello\n\n! not a comment\ninterface not-one\n\x03",
        "banner motd #hello\n\n! not a comment\ninterface not-one#",
        "banner  MOTD  #\nhello  \n\n! not a comment\ninterface not-one\n\n#",
    ],
)
def test_a_banner_is_one_node_whatever_its_delimiter(written: str) -> None:
    config = parse_config(f"{written}\nhostname a\n")
    assert [node.text for node in config.nodes] == [
        "banner motd ^C\nhello\n\n! not a comment\ninterface not-one\n^C",
        "hostname a",
    ]


def test_a_banner_of_one_line_ends_where_it_ends() -> None:
    assert _texts("banner login ^C keep out ^C\nhostname a") == [("banner login ^C\n keep out\n^C",), ("hostname a",)]


def test_a_banner_that_does_not_end_is_an_error_that_names_its_line() -> None:
    with pytest.raises(
        ConfigurationError, match=r"line 2: 'banner motd' does not end; its delimiter '\^C' never comes"
    ):
        parse_config("hostname a\nbanner motd ^C\nhello\n")


def test_a_typed_banner_has_a_delimiter_that_its_text_does_not_hold() -> None:
    node = parse_config("banner motd ^C\nnumber # and ~ sign\n^C").nodes[0]
    assert typed_banner(node.text) == "banner motd @\nnumber # and ~ sign\n@"
    assert parse_config(typed_banner(node.text)).nodes[0] == node


def test_a_banner_that_uses_every_delimiter_cannot_be_typed() -> None:
    node = parse_config("banner motd ^C\n#~@%$&|=\n^C").nodes[0]
    with pytest.raises(ConfigurationError, match="banner motd: the text leaves no character for a delimiter"):
        typed_banner(node.text)


def test_a_certificate_and_a_macro_are_one_node_each() -> None:
    text = (
        "crypto pki certificate chain TP\n certificate self-signed 01\n  30820229\n  AB\n  \tquit\n"
        "macro name m\nshutdown\n@\n"
    )
    assert _texts(text) == [
        ("crypto pki certificate chain TP",),
        ("crypto pki certificate chain TP", "certificate self-signed 01\n30820229\nAB\nquit"),
        ("macro name m\nshutdown\n@",),
    ]


def test_a_certificate_that_does_not_end_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="line 2: 'certificate ca 01' does not end with 'quit'"):
        parse_config("crypto pki certificate chain TP\n certificate ca 01\n  3082\n")


def test_an_address_family_of_old_ios_is_a_section_too() -> None:
    old = (
        "router bgp 1\n neighbor a remote-as 2\n !\n address-family ipv4\n neighbor a activate\n"
        " exit-address-family\nhostname r\n"
    )
    assert _texts(old) == [
        ("router bgp 1",),
        ("router bgp 1", "neighbor a remote-as 2"),
        ("router bgp 1", "address-family ipv4"),
        ("router bgp 1", "address-family ipv4", "neighbor a activate"),
        ("router bgp 1", "exit-address-family"),
        ("hostname r",),
    ]


def test_a_node_is_found_by_its_path() -> None:
    config = parse_config("interface Vlan1\n shutdown\ninterface Vlan2\n")
    assert find(config, ("interface Vlan1", "shutdown")) == Node("shutdown")
    assert find(config, ("interface Vlan2", "shutdown")) is None
    assert find(config, ()) is None
    assert [node.text for node in sections(config, "interface ")] == ["interface Vlan1", "interface Vlan2"]


def test_no_secret_shows_in_a_repr() -> None:
    config = parse_config("enable secret 9 TOPSECRET\nusername a secret TOPSECRET\n")
    assert "TOPSECRET" not in repr(config) + repr(config.nodes)
    assert repr(config) == "<Config with 2 lines>"


def test_reading_says_nothing(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings(), caplog.at_level(logging.DEBUG):
        warnings.simplefilter("error")
        parse_config("hostname a\ninterface Vlan1\n shutdown\n")
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
