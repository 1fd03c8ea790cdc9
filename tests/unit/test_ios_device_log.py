"""A device's log read: who configured it since the last push, by the times it writes, or by the order it writes in."""

from datetime import timedelta

import pytest

from cimnet_nornir.ios.device_log import configured_since

CLOCK = "*20:30:00.000 UTC Sun Nov 29 2026"
LOG = """\
Syslog logging: enabled (0 messages dropped, 2 messages rate-limited, 0 flushes, 0 overruns, xml disabled)
    Buffer logging:  level debugging, 6 messages logged, xml disabled,

Log Buffer (4096 bytes):

*Nov 29 19:00:01.003: %SYS-5-CONFIG_I: Configured from console by carol on vty0 (192.0.2.7)
*Nov 29 20:00:02.113: %SYS-5-CONFIG_I: Configured from console by cimnet on vty0 (192.0.2.10)
*Nov 29 20:10:00: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down
*Nov 29 20:11:33.123: %PARSER-5-CFGLOG_LOGGEDCMD: User:bob  logged command:snmp-server community s3cret RO
*Nov 29 20:11:34.500: %SYS-5-CONFIG_I: Configured from console by bob on vty1 (192.0.2.9)
000123: *Nov 29 20:15:00.001: %SYS-5-CONFIG_I: Configured from console by console
*Nov 29 20:20:00.001: %SYS-5-CONFIG_I: Configured from console by vty3 (192.0.2.8)
"""


def people(log: str, *, since: timedelta | None = timedelta(minutes=25), clock: str = CLOCK) -> list[str]:
    return [entry.who for entry in configured_since(log, clock, own="cimnet", since=since)]


def test_who_configured_it_since_the_last_push_is_told() -> None:
    assert people(LOG) == ["bob", "bob", "console", "vty3"]
    typed, done, *_ = configured_since(LOG, CLOCK, own="cimnet", since=timedelta(minutes=25))
    assert typed.command == "snmp-server community <masked> RO"
    assert (done.line, done.address, done.at) == ("vty1", "192.0.2.9", "*Nov 29 20:11:34.500")


def test_one_who_shares_the_login_is_told_where_times_are_known() -> None:
    later = LOG + "*Nov 29 20:25:00.001: %SYS-5-CONFIG_I: Configured from console by cimnet on vty0 (192.0.2.66)\n"
    assert people(later)[-1] == "cimnet"


@pytest.mark.parametrize(
    ("log", "clock", "since"),
    [
        (LOG, CLOCK, None),
        (LOG, "*21:30:00.000 CET Sun Nov 29 2026", timedelta(minutes=25)),
        (LOG, "% Invalid input", timedelta(minutes=25)),
        (LOG.replace("*Nov 29 20:15:00.001: ", "2w3d: "), CLOCK, timedelta(minutes=25)),
        (LOG.replace("Nov 29 20:15", "Nov 41 20:15"), CLOCK, timedelta(minutes=25)),
    ],
)
def test_without_times_what_follows_the_last_of_our_own_login_counts(
    log: str, clock: str, since: timedelta | None
) -> None:
    assert people(log, clock=clock, since=since) == ["bob", "bob", "console", "vty3"]


def test_a_log_goes_back_beyond_the_turn_of_a_year() -> None:
    log = "*Dec 31 23:59:00.000: %SYS-5-CONFIG_I: Configured from console by bob on vty0 (192.0.2.9)\n"
    assert people(log, clock="*00:01:00.000 UTC Fri Jan 1 2027", since=timedelta(minutes=5)) == ["bob"]
    assert people(log, clock="*00:01:00.000 UTC Fri Jan 1 2027", since=timedelta(minutes=1)) == []


def test_a_log_that_says_nothing_names_nobody() -> None:
    assert people("") == []
    assert people("% Invalid input detected at '^' marker.") == []
