"""A session at a simulated device, without a network: modes, prompts, abbreviations, error texts."""

from datetime import timedelta

import pytest

from cimnet_nornir.lab.answers import Action
from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.show.system import uptime_text
from cimnet_nornir.lab.spec import DeviceKind, LabCredentials, LabDevice, Platform
from cimnet_nornir.lab.storage import MemoryStorage

CREDENTIALS = LabCredentials("admin", "secret-login")


def device(kind: DeviceKind = "switch", platform: Platform = "ios", *, enable: str = "", startup: str = "") -> Device:
    ports = tuple(f"Gi0/{number}" for number in (range(3) if kind == "router" else range(1, 5)))
    credentials = LabCredentials("admin", "secret-login", enable)
    return Device(LabDevice("R1", platform, kind, ports, startup=startup), credentials, MemoryStorage())


def session(kind: DeviceKind = "switch", platform: Platform = "ios", *, enable: str = "") -> Session:
    return Session(device(kind, platform, enable=enable), "admin")


def type_lines(session: Session, *lines: str) -> str:
    """The output of the last line."""
    text = ""
    for line in lines:
        text = session.feed(line).text
    return text


def configured(kind: DeviceKind, *lines: str, platform: Platform = "ios") -> str:
    user = session(kind, platform)
    type_lines(user, "configure terminal", *lines, "end")
    return user.device.running_config()


def test_enable_asks_for_the_secret_and_raises_the_level() -> None:
    user = session(enable="let-me")
    assert user.prompt == "R1>"
    reply = user.feed("enable")
    assert (reply.prompt, reply.hidden) == ("Password: ", True)
    assert user.feed("let-me").prompt == "R1#"


def test_a_wrong_secret_leads_back_to_user_mode() -> None:
    user = session(enable="let-me")
    user.feed("enable")
    reply = user.feed("wrong")
    assert (reply.text, reply.prompt) == ("% Bad secrets\n\n", "R1>")


def test_user_mode_knows_no_configuration() -> None:
    user = session(enable="let-me")
    assert "% Invalid input" in user.feed("show running-config").text


@pytest.mark.parametrize("command", ["configure terminal", "conf t", "config terminal", "CONF T"])
def test_commands_may_be_abbreviated(command: str) -> None:
    user = session()
    assert user.feed(command).prompt == "R1(config)#"


def test_the_caret_stands_under_the_first_wrong_character_of_the_echoed_line() -> None:
    user = session()
    user.feed("conf t")
    reply = user.feed("interface GigabitEthernet9/9")
    echoed = "R1(config)#interface GigabitEthernet9/9"
    assert reply.text == f"{' ' * echoed.index('9/9')}^\n% Invalid input detected at '^' marker.\n\n"
    assert reply.prompt == "R1(config)#"


def test_an_abbreviation_of_several_words_is_ambiguous() -> None:
    user = session()
    assert type_lines(user, "conf t", "s") == '% Ambiguous command:  "s"\n'


def test_a_line_that_ends_too_early_is_incomplete() -> None:
    user = session()
    assert type_lines(user, "conf t", "hostname") == "% Incomplete command.\n\n"


def test_one_unknown_word_is_taken_for_the_name_of_a_host() -> None:
    assert "% Unknown command or computer name" in session().feed("foobar").text


def test_a_global_command_leaves_the_mode_of_an_interface() -> None:
    user = session()
    type_lines(user, "conf t", "interface gi0/1")
    assert user.prompt == "R1(config-if)#"
    assert user.feed("hostname R2").prompt == "R2(config)#"


def test_an_interface_that_does_not_exist_leaves_the_one_before_in_charge() -> None:
    text = configured("switch", "interface gi0/1", "interface gi9/9", "description meant for another")
    assert "interface GigabitEthernet0/1\n description meant for another" in text


def test_the_prompt_of_configuration_modes_shows_twenty_characters_of_the_name() -> None:
    user = session()
    type_lines(user, "conf t", "hostname a-very-long-host-name-of-a-switch")
    assert user.prompt == "a-very-long-host-nam(config)#"


def test_do_runs_a_command_of_privileged_mode() -> None:
    user = session()
    assert type_lines(user, "conf t", "do show run | include ^hostname") == "hostname R1\n"
    assert user.prompt == "R1(config)#"


def test_control_z_and_end_leave_configuration_mode() -> None:
    user = session()
    type_lines(user, "conf t", "interface gi0/1")
    assert user.feed("\x1a").prompt == "R1#"


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        ("include vlan 1.$", ["vlan 10", "vlan 11"]),
        ("section vlan 10", ["vlan 10", " name A"]),
        ("begin ^line vty 5", ["line vty 5 15", "!", "end"]),
        ("count ^vlan 1", ["Number of lines which match regexp = 2"]),
    ],
)
def test_outputs_are_filtered(wanted: str, lines: list[str]) -> None:
    user = session()
    type_lines(user, "conf t", "vlan 10", "name A", "vlan 11", "name B", "end")
    assert user.feed(f"show running-config | {wanted}").text.split("\n")[: len(lines)] == lines


def test_exclude_keeps_the_other_lines() -> None:
    assert "!" not in session().feed("sh run | exc !").text


def test_what_was_not_saved_is_lost_by_a_reload() -> None:
    user = session()
    type_lines(user, "conf t", "vlan 10", "end", "write memory", "conf t", "vlan 20", "end")
    assert user.feed("reload").prompt == "\nSystem configuration has been modified. Save? [yes/no]: "
    reply = user.feed("no")
    assert (reply.prompt, reply.key) == ("Proceed with reload? [confirm]", True)
    assert user.feed("").action is Action.RELOAD
    user.device.boot()
    assert "vlan 10\n" in user.device.running_config()
    assert "vlan 20" not in user.device.running_config()


def test_a_reload_saves_when_told_so() -> None:
    user = session()
    type_lines(user, "conf t", "vlan 20", "end", "reload", "yes", "y")
    user.device.boot()
    assert "vlan 20" in user.device.running_config()


def test_the_copy_to_startup_asks_for_the_name() -> None:
    user = session()
    reply = user.feed("copy running-config startup-config")
    assert reply.prompt == "Destination filename [startup-config]? "
    assert user.feed("").text == "Building configuration...\n[OK]\n"
    assert user.device.startup == user.device.running_config()


def test_erasing_startup_brings_the_first_configuration_back() -> None:
    user = session()
    type_lines(user, "conf t", "hostname OTHER", "end", "write", "write erase", "")
    user.device.boot()
    assert user.device.hostname == "R1"


def test_the_startup_configuration_of_the_specification_is_booted() -> None:
    booted = device(
        "router", startup="hostname EDGE\ninterface GigabitEthernet0/0\n ip address 10.0.0.1 255.255.255.0\n"
    )
    assert booted.rejected == ()
    assert booted.hostname == "EDGE"
    assert "interface GigabitEthernet0/0\n ip address 10.0.0.1 255.255.255.0\n!" in booted.running_config()
    assert "interface GigabitEthernet0/1\n no ip address\n shutdown" in booted.running_config()


def test_lines_of_a_startup_configuration_that_are_refused_are_known() -> None:
    assert device(startup="hostname EDGE\nno such command\n").rejected == ("no such command",)


@pytest.mark.parametrize("kind", ["router", "switch", "l3switch"])
@pytest.mark.parametrize("platform", ["ios", "iosxe"])
def test_a_running_configuration_loads_into_itself(kind: DeviceKind, platform: Platform) -> None:
    first = device(kind, platform)
    again = device(kind, platform, startup=first.running_config())
    assert again.rejected == ()
    opened = first.running_config().replace(" no ip address\n shutdown\n", " no ip address\n")
    assert again.running_config() in {first.running_config(), opened}


def test_enable_needs_a_secret_and_is_harmless_when_granted() -> None:
    user = session()
    assert type_lines(user, "enable") == ""
    assert type_lines(user, "disable", "enable") == "% No password set\n"


@pytest.mark.parametrize("command", ["exit", "logout", "quit"])
def test_leaving_ends_the_session(command: str) -> None:
    assert session().feed(command).action is Action.CLOSE


def test_a_reload_insists_on_yes_or_no() -> None:
    user = session()
    type_lines(user, "conf t", "vlan 10", "end")
    user.feed("reload")
    assert user.feed("perhaps").text == "% Please answer 'yes' or 'no'.\n"
    assert user.feed("no").prompt == "Proceed with reload? [confirm]"
    assert user.feed("n").action is Action.NONE


def test_a_filter_that_is_no_expression_is_taken_literally() -> None:
    assert session().feed("show running-config | include (").text == ""


def test_sections_can_be_left_out() -> None:
    text = session().feed("show running-config | section exclude ^interface").text
    assert "interface" not in text
    assert "hostname R1" in text


@pytest.mark.parametrize(
    "line", ["terminal length 0", "terminal width 511", "term no mon", "clear counters", "! a comment"]
)
def test_what_needs_no_answer_gets_none(line: str) -> None:
    assert session().feed(line).text == ""


def test_the_uptime_is_told_in_words() -> None:
    assert uptime_text(timedelta(days=380, hours=1, minutes=2)) == "1 year, 2 weeks, 1 day, 1 hour, 2 minutes"
    assert uptime_text(timedelta(seconds=5)) == "0 minutes"
