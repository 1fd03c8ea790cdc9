"""What a device says after a line is judged by one table; what the table does not know stops the push."""

import re

import pytest

from cimnet_nornir.ios.answers import Kind, error_pattern, judge

ERRORS = (
    "% Invalid input detected at '^' marker.",
    "% Incomplete command.",
    '% Ambiguous command:  "sh"',
    "% Unknown command or computer name, or unable to find computer address",
    "%Error opening flash:/x (No such file or directory)",
    'Command rejected: An interface whose trunk encapsulation is "Auto" can not be configured to "trunk" mode.',
    "Command authorization failed",
    "% 10.0.0.0 overlaps with Vlan20",
    "Bad mask /24 for address 10.0.0.0",
    "% Bad mask 0xFFFFFFFE for address 10.0.0.1",
    "BGP is already running; AS is 65000",
    "Entry already running and cannot be modified",
    "VLAN #20 and #10 have an identical name: users",
    "Configuration mode locked exclusively by user 'x' process '3' from terminal '0'. Please try later.",
    "Failed to apply command foo",
    "Aborting Rollback.",
    "Rollback aborted after 5 passes",
    "%The input file is not a valid config file.",
    "%Please turn config archive on",
    "% Something nobody has seen yet",
)
HARMLESS = (
    "%Warning: portfast should only be enabled on ports connected to a single",
    "% Warning: something",
    "% Access VLAN does not exist. Creating vlan 30",
    "%Portfast has been configured on GigabitEthernet0/1 but will only",
    "% Interface GigabitEthernet0/0 IPv4 disabled and address(es) removed due to enabling VRF MGMT",
    "% OSPF: Reference bandwidth is changed.",
    "%Default route without gateway, if not a point-to-point interface, may impact performance",
    "% Login disabled on line 2, until 'password' is set",
    "% Generating 2048 bit RSA keys, keys will be non-exportable...",
    "*Nov 23 10:00:00.123: %LINEPROTO-5-UPDOWN: Line protocol on Interface Vlan10, changed state to up",
    "%SYS-5-CONFIG_I: Configured from console by admin on vty0",
    "sw1(config-if)#description % Invalid input detected",
    "Enter configuration commands, one per line.  End with CNTL/Z.",
    "Creating a port-channel interface Port-channel 1",
)
QUESTIONS = (
    "This operation will remove all username related configurations with same name.Do you want to continue? [confirm]",
    "Overwrite the previous NVRAM configuration?[confirm]",
    "Destination filename [running-config]?",
    "% Do you really want to remove these keys? [yes/no]:",
    "Password:",
)


def _output(answer: str) -> str:
    return f"some line\r\n{answer}\r\nsw1(config-if)#"


@pytest.mark.parametrize("answer", ERRORS)
def test_a_refusal_is_an_error(answer: str) -> None:
    verdict = judge(_output(answer))
    assert verdict.is_error
    assert verdict.text == answer


@pytest.mark.parametrize("answer", HARMLESS)
def test_a_harmless_answer_is_no_error(answer: str) -> None:
    assert judge(_output(answer)).kind in (Kind.WARNING, Kind.NOISE)


@pytest.mark.parametrize("answer", QUESTIONS)
def test_a_question_is_told_as_one(answer: str) -> None:
    assert judge(f"no username x\n{answer}").kind is Kind.QUESTION


@pytest.mark.parametrize("answer", ERRORS)
def test_the_pattern_for_netmiko_finds_every_error(answer: str) -> None:
    assert re.search(error_pattern(), _output(answer).replace("\r", ""), flags=re.MULTILINE)


@pytest.mark.parametrize("answer", HARMLESS + QUESTIONS)
def test_the_pattern_for_netmiko_finds_nothing_else(answer: str) -> None:
    assert re.search(error_pattern(), _output(answer).replace("\r", ""), flags=re.MULTILINE) is None


def test_an_error_outweighs_a_warning_and_the_warning_is_kept() -> None:
    verdict = judge("%Warning: careful\n% Incomplete command.\n")
    assert (verdict.kind, verdict.text, verdict.warnings) == (
        Kind.ERROR,
        "% Incomplete command.",
        ("%Warning: careful",),
    )


def test_nothing_said_is_nothing_wrong() -> None:
    assert judge("interface Vlan10\r\nsw1(config-if)#").kind is Kind.NOISE


def test_the_echo_of_a_banner_is_not_judged() -> None:
    banner = "banner motd #\n% Invalid people stay out\n#"
    assert judge(f"{banner}\nsw1(config)#", command=banner).kind is Kind.NOISE
    assert judge("% Invalid input detected at '^' marker.", command=banner).is_error


def test_a_grave_message_of_the_log_is_worth_reading() -> None:
    assert judge("%OSPF-2-NORTRID: no router id").kind is Kind.WARNING
