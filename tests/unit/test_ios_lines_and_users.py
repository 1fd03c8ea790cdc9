"""Terminal lines in whatever ranges, users attribute by attribute, lists in their order, and what AAA changes."""

import pytest

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.line_ranges import range_of, removable
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.ordered import behind
from cimnet_nornir.ios.profiles import ROUTER_IOS
from cimnet_nornir.ios.remediation import Remediation, apply_lines, remediate
from cimnet_nornir.ios.tree import Config, parse_config, to_text
from cimnet_nornir.ios.users import canonical_user, merged_user, user_commands


def tree(text: str) -> Config:
    return normalise(parse_config(text), ROUTER_IOS)


def between(running: str, intended: str, formerly: str | None = None) -> Remediation:
    former = tree(formerly) if formerly is not None else None
    return remediate(tree(running), tree(intended), ROUTER_IOS, formerly=former)


class TestRanges:
    def test_terminals_of_which_the_same_is_said_are_one_range(self) -> None:
        text = "line vty 0 2\n login local\nline vty 3 15\n login local\n"
        assert to_text(tree(text)) == "line vty 0 4\n login local\nline vty 5 15\n login local\n"

    def test_what_is_said_later_of_a_terminal_counts(self) -> None:
        text = "line vty 0 4\n login local\n length 0\nline vty 1\n length 50\n"
        assert to_text(tree(text)) == (
            "line vty 0\n login local\n length 0\nline vty 1\n login local\n length 50\n"
            "line vty 2 4\n login local\n length 0\n"
        )

    def test_asynchronous_lines_are_grouped_too_and_those_of_modules_are_left(self) -> None:
        text = "line 1 3\n no exec\nline 4 8\n no exec\nline 0/0/0 0/0/3\n no exec\nline con 0\n no exec\n"
        assert to_text(tree(text)) == "line 1 8\n no exec\nline 0/0/0 0/0/3\n no exec\nline con 0\n no exec\n"

    @pytest.mark.parametrize("header", ["line con 0", "line 0/0/1", "line vty 4 0", "line vty 0 99999", "hostname r1"])
    def test_what_is_no_range_is_none(self, header: str) -> None:
        assert range_of(header) is None

    def test_only_terminals_beyond_the_first_five_go_and_none_below_a_wanted_one(self) -> None:
        assert removable("line vty 5 15", ["line vty 0 4", "line con 0"])
        assert not removable("line vty 5 9", ["line vty 10 15"])
        assert not removable("line vty 0 4", [])
        assert not removable("line con 0", [])

    def test_the_parts_that_differ_are_typed_and_explained_by_the_range_that_intent_has(self) -> None:
        running = "line vty 0 1\n length 0\nline vty 2 4\n login local\n"
        found = between(running, "line vty 0 4\n login local\n length 0\n")
        assert found.lines() == ("line vty 0 1", "login local", "line vty 2 4", "length 0")
        assert {step.explains for step in found.steps} == {
            ("line vty 0 4", "login local"),
            ("line vty 0 4", "length 0"),
        }

    def test_terminals_beyond_those_that_intent_names_are_left(self) -> None:
        found = between("line vty 0 4\n login local\nline vty 5 15\n login local\n", "line vty 0 4\n")
        assert found.lines() == ("line vty 0 4", "login")
        assert ("line vty 5 15",) in found.unmodelled

    def test_typed_over_several_ranges_a_line_reaches_each(self) -> None:
        after = apply_lines(tree("line vty 0 1\n length 0\n"), ["line vty 0 2", "login local"], ROUTER_IOS)
        assert to_text(after) == "line vty 0 1\n length 0\n login local\nline vty 2\n login local\n"
        gone = apply_lines(tree("line vty 0 15\n login local\n"), ["no line vty 5 15"], ROUTER_IOS)
        assert to_text(gone) == "line vty 0 4\n login local\n"


class TestUsers:
    def test_lines_of_one_user_are_one(self) -> None:
        text = "username ann secret 9 $9$a\nusername ann privilege 15\nusername bob privilege 1 secret 9 $9$b\n"
        assert to_text(tree(text)) == "username ann privilege 15 secret 9 $9$a\nusername bob secret 9 $9$b\n"

    def test_what_is_not_about_attributes_stays_as_it_is(self) -> None:
        assert canonical_user("username ann autocommand show users") == "username ann autocommand show users"
        assert merged_user("username ann secret 9 a", "username ann autocommand x") == "username ann autocommand x"
        assert user_commands("username ann autocommand x", "username ann autocommand y") == (
            "username ann autocommand y",
        )

    @pytest.mark.parametrize(
        ("before", "wanted", "commands"),
        [
            ("privilege 15 secret 9 a", "privilege 5 secret 9 a", ["username ann privilege 5"]),
            ("privilege 15 secret 9 a", "secret 9 b", ["username ann privilege 1 secret 9 b"]),
            ("privilege 15 secret 9 a", "privilege 15 secret 9 b", ["username ann privilege 15 secret 9 b"]),
            ("secret 9 a", "view v secret 9 a", ["username ann view v"]),
            ("view v secret 9 a", "secret 9 a", ["no username ann", "username ann secret 9 a"]),
            ("nopassword", "secret 9 a", ["no username ann", "username ann secret 9 a"]),
            ("password 7 02050D480809", "secret x", ["no username ann", "username ann secret x"]),
            ("password 7 02050D480809", "privilege 2 password cisco", ["username ann privilege 2"]),
        ],
    )
    def test_only_what_differs_is_typed(self, before: str, wanted: str, commands: list[str]) -> None:
        running, intended = (f"username ann {words}\n" for words in (before, wanted))
        assert list(between(running, intended).lines()) == commands
        after = apply_lines(tree(running), commands, ROUTER_IOS)
        assert between(to_text(after), intended).is_empty

    def test_the_tree_refuses_a_secret_beside_a_password(self) -> None:
        with pytest.raises(ConfigurationError, match="until it is taken back"):
            apply_lines(tree("username ann password 0 x\n"), ["username ann secret y"], ROUTER_IOS)


@pytest.mark.parametrize(
    ("running", "wanted", "moving"),
    [
        ("abc", "abc", ""),
        ("abc", "bca", "a"),
        ("abc", "cab", "ab"),
        ("abc", "xabc", "abc"),
        ("abc", "ac", ""),
        ("abc", "adc", "c"),
        ("", "abc", ""),
    ],
)
def test_what_stays_makes_the_beginning_of_the_wanted_list(running: str, wanted: str, moving: str) -> None:
    moved = behind(list(running), list(wanted))
    assert moved == set(moving)
    left = [entry for entry in running if entry in wanted and entry not in moved]
    assert left + [entry for entry in wanted if entry not in left] == list(wanted)


class TestAaa:
    def test_with_it_lines_say_nothing_of_local_logins(self) -> None:
        assert to_text(tree("aaa new-model\nline vty 0 4\n login local\n")) == "aaa new-model\nline vty 0 4\n"

    def test_what_goes_with_it_though_nobody_means_it_is_told(self) -> None:
        running = "aaa new-model\naaa authentication login default local\nline vty 0 4\n"
        found = between(running, "no aaa new-model\nline vty 0 4\n login local\n")
        assert found.lines() == ("no aaa new-model", "line vty 0 4", "login local")
        assert found.warnings == (
            "aaa authentication login default local goes with aaa new-model, though nobody's intent is about it",
        )
        after = apply_lines(tree(running), found.lines(), ROUTER_IOS)
        assert to_text(after) == "no aaa new-model\nline vty 0 4\n login local\n"

    def test_accounting_that_is_shown_as_a_section_is_one_line(self) -> None:
        section = "aaa accounting exec default\n action-type start-stop\n group A\n broadcast\n"
        assert to_text(tree(section)) == "aaa accounting exec default start-stop broadcast group A\n"
        unknown = "aaa accounting exec default\n action-type start-stop\n odd words\n"
        assert to_text(tree(unknown)) == unknown

    def test_ports_that_a_device_chose_are_said_alike(self) -> None:
        text = "radius-server host 10.0.0.1 key k\naaa group server radius R\n server 10.0.0.1\n"
        assert to_text(tree(text)) == (
            "radius-server host 10.0.0.1 auth-port 1645 acct-port 1646 key k\n"
            "aaa group server radius R\n server 10.0.0.1 auth-port 1645 acct-port 1646\n"
        )
        assert to_text(tree("aaa group server tacacs+ T\n server 10.0.0.1\n")).endswith(" server 10.0.0.1\n")
