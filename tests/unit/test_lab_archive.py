"""The archive, timed reverts, the lock on configuration mode and replacement of a device, without a network."""

from datetime import UTC, datetime, timedelta

import pytest

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import DeviceKind, LabCredentials, LabDevice, Platform, VtpMode
from cimnet_nornir.lab.storage import MemoryStorage

CREDENTIALS = LabCredentials("admin", "secret-login")
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def device(*, archive: bool = True, vtp: VtpMode = "transparent", platform: Platform = "ios") -> Device:
    """A switch whose clock stands still unless it is set forward."""
    declared = LabDevice("SW1", platform, "switch", ("Gi0/1", "Gi0/2"), vtp_mode=vtp, archive=archive)
    return Device(declared, CREDENTIALS, MemoryStorage(), lambda: NOON)


def typed(user: Session, *lines: str) -> str:
    """The output of the last line."""
    text = ""
    for line in lines:
        text = user.feed(line).text
    return text


def another(user: Session) -> Session:
    """Another administrator at the same device."""
    session = Session(user.device, "other")
    session.level = 15
    return session


def wait(device: Device, **span: int) -> None:
    device.timers.advance(timedelta(**span))


@pytest.fixture
def user() -> Session:
    return Session(device(), "admin")


def test_a_device_boots_with_an_archive_where_it_is_told_to() -> None:
    assert "archive\n path flash:archive\n maximum 5\n" in device().running_config()
    assert "archive" not in device(archive=False).running_config()


def test_a_saved_configuration_without_an_archive_gets_none() -> None:
    storage = MemoryStorage(startup="hostname SW1\n")
    declared = LabDevice("SW1", "ios", "switch", ("Gi0/1",), archive=True)
    assert "archive" not in Device(declared, CREDENTIALS, storage).running_config()


def test_what_nobody_confirms_is_taken_back_when_the_time_is_up(user: Session) -> None:
    before = user.device.running_config()
    said = typed(user, "configure terminal revert timer 2")
    assert "Rollback Confirmed Change: Backing up current running config to flash:archive-1" in said
    assert "Enter configuration commands, one per line.  End with CNTL/Z." in said
    typed(user, "hostname OTHER", "vlan 10", "interface Gi0/1", "switchport access vlan 10", "end")
    wait(user.device, seconds=119)
    assert user.device.hostname == "OTHER"
    wait(user.device, seconds=1)
    assert user.device.running_config() == before
    assert typed(user, "show archive config rollback timer") == "%No Rollback Confirmed Change pending\n"


def test_a_reverted_change_is_not_saved(user: Session) -> None:
    typed(user, "write memory", "configure terminal revert timer 1", "hostname OTHER", "end")
    saved = user.device.startup
    wait(user.device, minutes=1)
    assert user.device.startup == saved
    assert not user.device.unsaved


def test_what_is_confirmed_stays(user: Session) -> None:
    typed(user, "configure terminal revert timer 1", "hostname OTHER", "end")
    assert typed(user, "configure confirm") == ""
    wait(user.device, hours=2)
    assert user.device.hostname == "OTHER"


def test_the_timer_is_shown_with_its_user(user: Session) -> None:
    typed(user, "configure terminal revert timer 5", "end")
    assert typed(user, "show archive config rollback timer").splitlines() == [
        "Time configured(or reconfigured): 12:00:00 UTC Sun Mar 1 2026",
        "Timer type: absolute timer",
        "Timer value: 5 min",
        "User: admin",
    ]


def test_a_change_can_be_taken_back_at_once(user: Session) -> None:
    typed(user, "configure terminal revert timer 5", "hostname OTHER", "end")
    assert "Rolling to:flash:archive-1" in typed(user, "configure revert now")
    assert user.device.hostname == "SW1"
    assert user.device.timers.next is None


def test_the_timer_can_be_given_another_time(user: Session) -> None:
    typed(user, "configure terminal revert timer 1", "hostname OTHER", "end", "configure revert timer 10")
    wait(user.device, minutes=9)
    assert user.device.hostname == "OTHER"
    wait(user.device, minutes=1)
    assert user.device.hostname == "SW1"


def test_an_idle_timer_starts_anew_with_each_line(user: Session) -> None:
    typed(user, "configure terminal revert idle 2", "hostname OTHER", "end")
    assert "Timer type: idle timer" in typed(user, "show archive config rollback timer")
    wait(user.device, seconds=100)
    typed(user, "show clock")
    wait(user.device, seconds=100)
    assert user.device.hostname == "OTHER"
    wait(user.device, seconds=20)
    assert user.device.hostname == "SW1"


@pytest.mark.parametrize("line", ["configure confirm", "configure revert now", "configure revert timer 3"])
def test_without_a_pending_change_there_is_nothing_to_settle(user: Session, line: str) -> None:
    assert typed(user, line) == "%No Rollback Confirmed Change pending\n"


def test_only_one_change_is_pending_at_a_time(user: Session) -> None:
    typed(user, "configure terminal revert timer 1", "end")
    other = another(user)
    assert "already pending" in typed(other, "configure terminal revert timer 9")
    assert other.configuration is None


def test_a_timed_revert_needs_an_archive() -> None:
    user = Session(device(archive=False), "admin")
    said = typed(user, "configure terminal revert timer 1")
    assert said == "%Turn config archive on before using Rollback Confirmed Change\n"
    assert user.configuration is None


def test_a_timed_revert_needs_room_for_its_backup(user: Session) -> None:
    user.device.faults = user.device.faults.__class__(full=True)
    assert "No space left on device" in typed(user, "configure terminal revert timer 1")
    assert user.configuration is None
    assert user.device.archive.pending is None


def test_a_reload_loses_the_timer_and_what_was_not_saved(user: Session) -> None:
    typed(user, "write memory", "configure terminal revert timer 1", "hostname OTHER", "end")
    user.device.boot()
    assert user.device.archive.pending is None
    wait(user.device, minutes=5)
    assert user.device.hostname == "SW1"


def test_vlans_of_a_vtp_server_are_not_taken_back() -> None:
    user = Session(device(vtp="server"), "admin")
    typed(user, "configure terminal revert timer 1", "vlan 10", "name LAB", "hostname OTHER", "end")
    wait(user.device, minutes=1)
    assert user.device.hostname == "SW1"
    assert user.device.running.has("vlan", "10")
    assert "LAB" in typed(user, "show vlan brief")
    assert user.device.vtp_mode == "server"


def test_who_is_in_a_mode_while_the_device_reverts_configures_on(user: Session) -> None:
    typed(user, "configure terminal revert timer 1", "interface Gi0/1", "description before")
    wait(user.device, minutes=1)
    typed(user, "description after")
    assert "description after" in user.device.running_config()


def test_the_archive_keeps_as_many_as_it_may(user: Session) -> None:
    typed(user, *["archive config"] * 7)
    assert list(user.device.flash.sizes()) == [f"archive-{number}" for number in range(3, 8)]
    shown = typed(user, "show archive")
    assert "The next archive file will be named flash:archive-8" in shown
    assert "   7       flash:archive-7 <- Most Recent" in shown


def test_saving_archives_where_it_is_told_to(user: Session) -> None:
    typed(user, "write memory")
    assert user.device.flash.sizes() == {}
    typed(user, "configure terminal", "archive", "write-memory", "end", "write memory")
    assert (user.device.flash.read("flash:archive-1") or b"").decode() == user.device.startup


def test_the_archive_path_may_hold_the_host_name() -> None:
    user = Session(device(archive=False), "admin")
    typed(user, "configure terminal", "archive", "path flash:$h-cfg", "end")
    assert "flash:SW1-cfg-1" in typed(user, "show archive")


# --- the lock ---


def test_exclusive_configuration_keeps_others_out(user: Session) -> None:
    typed(user, "configure terminal", "configuration mode exclusive auto", "end", "configure terminal")
    other = another(user)
    assert typed(other, "configure terminal") == (
        "Configuration mode locked exclusively by user 'admin' process '101' from terminal '1'. Please try later.\n"
    )
    assert "User              : admin" in typed(other, "show configuration lock")
    typed(user, "end")
    assert "one per line" in typed(other, "configure terminal")


def test_the_lock_goes_with_its_session(user: Session) -> None:
    typed(user, "configure terminal", "configuration mode exclusive manual", "end", "configure terminal lock")
    other = another(user)
    assert "locked exclusively" in typed(other, "configure terminal")
    user.close()
    assert "one per line" in typed(other, "configure terminal")


def test_a_manual_lock_is_taken_only_when_asked_for(user: Session) -> None:
    typed(user, "configure terminal", "configuration mode exclusive manual", "end", "configure terminal")
    assert "one per line" in typed(another(user), "configure terminal")


def test_a_lock_must_be_configured_first(user: Session) -> None:
    assert typed(user, "configure terminal lock").startswith("%Configuration lock is not enabled")


def test_a_lock_keeps_files_out_too(user: Session) -> None:
    typed(user, "copy running-config flash:x", "", "configure terminal", "configuration mode exclusive auto", "end")
    typed(user, "configure terminal")
    other = another(user)
    assert "locked exclusively" in typed(other, "configure replace flash:x force")
    assert "locked exclusively" in typed(other, "copy flash:x running-config", "")
    assert "Rollback Done" in typed(other, "configure replace flash:x nolock force")


# --- replacement ---


def stored(user: Session, text: str, name: str = "wanted") -> None:
    assert user.device.flash.write(f"flash:{name}", text.encode()) == ""


def test_replacing_makes_running_what_the_file_says(user: Session) -> None:
    stored(user, user.device.running_config(), "before")
    typed(user, "configure terminal", "hostname OTHER", "vlan 10", "name X", "interface Gi0/1", "description x", "end")
    changed = user.device.running_config()
    stored(user, changed, "after")
    assert "Total number of passes: 1\nRollback Done" in typed(user, "configure replace flash:before force")
    assert "vlan 10" not in user.device.running_config()
    typed(user, "configure replace flash:/after force")
    assert user.device.running_config() == changed
    assert "Total number of passes: 0" in typed(user, "configure replace flash:after force")


def test_the_changes_are_listed_where_they_are_asked_for(user: Session) -> None:
    stored(user, user.device.running_config().replace("hostname SW1", "hostname OTHER"))
    shown = typed(user, "configure replace flash:wanted list force").splitlines()
    assert shown[:5] == ["!Pass 1", "", "!List of Rollback Commands:", "hostname OTHER", "end"]


def test_replacing_asks_unless_it_is_forced(user: Session) -> None:
    stored(user, user.device.running_config().replace("hostname SW1", "hostname OTHER"))
    assert "Enter Y if you are sure" in user.feed("configure replace flash:wanted").prompt
    typed(user, "n")
    assert user.device.hostname == "SW1"
    typed(user, "configure replace flash:wanted", "y")
    assert user.device.hostname == "OTHER"


@pytest.mark.parametrize("missing", ["version", "end"])
def test_a_file_without_version_or_end_is_no_configuration(user: Session, missing: str) -> None:
    lines = [line for line in user.device.running_config().splitlines() if not line.startswith(missing)]
    stored(user, "\n".join(lines))
    assert "%The input file is not a valid config file." in typed(user, "configure replace flash:wanted force")


def test_a_file_that_is_not_there_is_told(user: Session) -> None:
    said = typed(user, "configure replace flash:nowhere force")
    assert said == "%Error opening flash:/nowhere (No such file or directory)\n"


def test_a_bad_line_takes_everything_back_where_it_is_to(user: Session) -> None:
    before = user.device.running_config()
    stored(user, before.replace("hostname SW1", "hostname OTHER\nno such command"))
    said = typed(user, "configure replace flash:wanted force revert trigger error")
    assert said.startswith("Failed to apply command no such command\nAborting Rollback.\n")
    assert "Reverting back to the original configuration: flash:archive-1" in said
    assert user.device.running_config() == before


def test_a_bad_line_without_the_trigger_leaves_the_good_ones(user: Session) -> None:
    stored(user, user.device.running_config().replace("hostname SW1", "hostname OTHER\nno such command"))
    said = typed(user, "configure replace flash:wanted force")
    assert "Rollback aborted after 5 passes" in said
    assert said.count("no such command") == 2
    assert user.device.hostname == "OTHER"


def test_the_trigger_and_the_timer_need_an_archive() -> None:
    user = Session(device(archive=False), "admin")
    stored(user, user.device.running_config())
    for options in ("revert trigger error", "revert timer 5", "revert trigger error timer 5", "time 5"):
        assert typed(user, f"configure replace flash:wanted force {options}") == "%Please turn config archive on\n"
    assert "Rollback Done" in typed(user, "configure replace flash:wanted force")


@pytest.mark.parametrize("options", ["revert trigger error timer 5", "revert timer 5", "time 5"])
def test_a_replacement_can_be_timed(user: Session, options: str) -> None:
    stored(user, user.device.running_config().replace("hostname SW1", "hostname OTHER"))
    typed(user, f"configure replace flash:wanted force {options}")
    assert user.device.hostname == "OTHER"
    wait(user.device, minutes=5)
    assert user.device.hostname == "SW1"


def test_a_timed_replacement_that_failed_leaves_no_timer(user: Session) -> None:
    stored(user, user.device.running_config().replace("hostname SW1", "no such command"))
    typed(user, "configure replace flash:wanted force revert trigger error timer 5")
    assert user.device.archive.pending is None
    assert user.device.timers.next is None


# --- differences ---


def test_two_configurations_are_compared_in_context(user: Session) -> None:
    stored(user, user.device.running_config())
    typed(user, "configure terminal", "hostname OTHER", "interface Gi0/1", "description x", "end")
    assert typed(user, "show archive config differences flash:wanted system:/running-config").splitlines() == [
        "!Contextual Config Diffs:",
        "+hostname OTHER",
        "interface GigabitEthernet0/1",
        " +description x",
        "-hostname SW1",
    ]
    same = typed(user, "show archive config differences running-config running-config")
    assert same == "!Contextual Config Diffs:\n!No changes were found\n"


def test_the_lines_that_a_file_would_change_are_listed(user: Session) -> None:
    typed(user, "configure terminal", "interface Gi0/1", "description x", "end")
    stored(user, "interface Gi0/1\n no description\nint gi0/2\n description y\n!\nno such command\nend\n")
    assert typed(user, "show archive config incremental-diffs flash:wanted ignorecase").splitlines() == [
        "!List of Commands:",
        "interface GigabitEthernet0/1",
        " no description x",
        "interface GigabitEthernet0/2",
        " description y",
        "no such command",
        "end",
    ]


def test_a_file_that_changes_nothing_is_told(user: Session) -> None:
    stored(user, "hostname SW1\nend\n")
    shown = typed(user, "show archive config incremental-diffs flash:wanted")
    assert shown.splitlines() == ["!List of Commands:", "end", "!No changes were found"]


def test_incremental_differences_want_an_end(user: Session) -> None:
    stored(user, "hostname OTHER\n")
    assert "returned error 5" in typed(user, "show archive config incremental-diffs flash:wanted")


# --- the clock, and reloads by it ---


def test_a_reload_can_be_scheduled_and_called_off(user: Session) -> None:
    typed(user, "write memory")
    assert typed(user, "show reload") == "No reload is scheduled.\n"
    assert "Reload scheduled in 5 minutes by admin" in typed(user, "reload in 5")
    typed(user, "")
    assert "Reload scheduled for 12:05:00 UTC Sun Mar 1 2026 (in 5 minutes)" in typed(user, "show reload")
    assert "SHUTDOWN ABORTED" in typed(user, "reload cancel")
    assert typed(user, "reload cancel") == "%No reload is scheduled.\n"


@pytest.mark.parametrize(("line", "minutes"), [("reload in 5", 5), ("reload in 1:30", 90), ("reload at 11:59", 1439)])
def test_a_scheduled_reload_loses_what_was_not_saved(user: Session, line: str, minutes: int) -> None:
    typed(user, "configure terminal", "hostname OTHER", "end", line)
    assert "Reload scheduled in" in typed(user, "no")
    typed(user, "")
    wait(user.device, minutes=minutes, seconds=-1)
    assert user.device.hostname == "OTHER"
    wait(user.device, seconds=1)
    assert user.device.hostname == "SW1"


@pytest.mark.parametrize("line", ["reload in x", "reload in 0", "reload at 25:00"])
def test_a_wrong_time_schedules_nothing(user: Session, line: str) -> None:
    assert typed(user, line).startswith("%Invalid time")
    assert user.device.timers.next is None


def test_timers_run_at_their_own_time_when_the_clock_is_set_forward(user: Session) -> None:
    seen: list[datetime] = []
    for minutes in (3, 1):
        user.device.timers.set(str(minutes), timedelta(minutes=minutes), lambda: seen.append(user.device.clock()))
    wait(user.device, minutes=10)
    assert seen == [NOON + timedelta(minutes=1), NOON + timedelta(minutes=3)]
    assert user.device.clock() == NOON + timedelta(minutes=10)


@pytest.mark.parametrize("kind", ["router", "switch", "l3switch"])
@pytest.mark.parametrize("platform", ["ios", "iosxe"])
def test_every_device_can_be_replaced_by_itself(kind: DeviceKind, platform: Platform) -> None:
    declared = LabDevice("X", platform, kind, ("Gi0/1", "Gi0/2"), archive=True)
    user = Session(Device(declared, CREDENTIALS, MemoryStorage()), "admin")
    before = user.device.running_config()
    typed(user, "copy running-config flash:x", "")
    assert "Total number of passes: 0" in typed(user, "configure replace flash:x force")
    assert user.device.running_config() == before
