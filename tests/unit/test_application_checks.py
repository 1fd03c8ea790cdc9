"""Which checks a host has, and how they are run: in rounds until their time is over, none stopping the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from cimnet_nornir.application.check_parts import CheckedDevice, OwnCheck
from cimnet_nornir.application.checks import CheckResult, CheckSet, Memory, Moment, When, names_of, run_checks
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.checks import Check, DeclaredCheck, InterfaceUp, NeighborUp, NoNewErrors, Ping, VlanActive
from cimnet_nornir.errors import CommandRejected, DeviceError, DeviceNotFound, DeviceUnreachable, SettingsError
from cimnet_nornir.ios.checks import IosChecks
from cimnet_nornir.projections.inventory import HostView

UP = "GigabitEthernet0/1 is up, line protocol is up (connected)\n     {} input errors, 0 CRC\n     0 output errors, 0\n"
DOWN = "GigabitEthernet0/1 is down, line protocol is down (notconnect)\n     0 input errors, 0 CRC\n"
PONG = "Success rate is 100 percent (5/5)"
VLANS = "10   users                            active    Gi0/1\n"


def host(name: str, *groups: str, kind: str = "switch") -> HostView:
    return HostView(name, name, "ios", None, groups, {"kind": kind}, None)


ACC1 = host("acc1", "role__access")


@dataclass
class Device:
    """A device that answers from texts; several for one command are given one after the other, the last for ever.

    Time passes only while somebody sleeps.
    """

    answers: Mapping[str, str | Sequence[str | DeviceError] | DeviceError]
    now: float = 100.0
    asked: list[str] = field(default_factory=list)

    def ask(self, command: str) -> str:
        told = self.answers[command]
        several = [told] if isinstance(told, str | DeviceError) else told
        answer = several[min(self.asked.count(command), len(several) - 1)]
        self.asked.append(command)
        if isinstance(answer, DeviceError):
            raise answer
        return answer

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def run(
        self,
        *declared: DeclaredCheck,
        own: Sequence[OwnCheck] = (),
        when: Moment = "after",
        memory: Memory | None = None,
    ) -> tuple[CheckResult, ...]:
        checks = CheckSet(declared, tuple(own), IosChecks()).for_host(ACC1)
        return run_checks(checks, self.ask, when=when, memory=memory, clock=lambda: self.now, sleep=self.sleep)


@dataclass(frozen=True)
class Own:
    """A check in Python that remembers how often it was run before, and finds what it is told to."""

    id: str = "ours"
    when: When = "both"
    hosts: tuple[str, ...] = ()
    finds: tuple[str, ...] = ()
    command: str = ""

    def run(self, device: CheckedDevice) -> Iterable[str]:
        if device.when == "before":
            device.before["facts"] = dict(device.facts)
        if self.command:
            yield from [device.ask(self.command)] * 2
        yield from self.finds
        if device.when == "after" and device.before != {"facts": {"kind": "switch"}}:
            yield f"{device.name} ({device.id}) was not seen before"


def oks(results: Iterable[CheckResult]) -> list[tuple[str, bool]]:
    return [(result.check, result.ok) for result in results]


# --- which checks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        ((), True),
        (("acc*",), True),
        (("dist*",), False),
        (("dist*", "acc1"), True),
        (("group:role__access",), True),
        (("group:role__*", "!acc1"), False),
        (("!dist1",), True),
    ],
)
def test_hosts_are_chosen_as_limits_choose_them(patterns: tuple[str, ...], chosen: bool) -> None:
    checks = CheckSet((VlanActive(vlan=10, hosts=patterns),), (Own(hosts=patterns),), IosChecks())
    assert [check.text for check in checks.for_host(ACC1)] == (["VLAN 10 is active", "ours"] if chosen else [])


def test_a_server_has_no_checks() -> None:
    assert CheckSet((VlanActive(vlan=10),), (Own(),), IosChecks()).for_host(host("srv1", kind="host")) == ()


def test_patterns_that_fit_nobody_are_told() -> None:
    checks = CheckSet(
        (VlanActive(vlan=10, hosts=("acc*", "!dits1")),), (Own(hosts=("group:role__acess",)),), IosChecks()
    )
    assert checks.idle([ACC1, host("dist1")]) == (
        "VLAN 10 is active: no host or group fits !dits1",
        "ours: no host or group fits group:role__acess",
    )


def test_declared_checks_need_somebody_who_reads_answers() -> None:
    with pytest.raises(SettingsError, match="without what reads"):
        CheckSet((VlanActive(vlan=10),)).for_host(ACC1)
    assert CheckSet().for_host(ACC1) == ()


def test_the_service_knows_the_checks_of_a_device_and_the_names_of_its_neighbours(small: NetworkService) -> None:
    assert small.checks == CheckSet()
    assert small.checks_of("sw1") == ()
    with pytest.raises(DeviceNotFound):
        small.checks_of("nobody")
    assert names_of(small.network(), "R1") == {"r1", "192.0.2.1"}
    assert names_of(small.network(), "sw1") == {"sw1", "192.0.2.11"}
    assert names_of(small.network(), "10.0.0.1") == frozenset()


def test_a_service_is_given_its_checks_once(small: NetworkService) -> None:
    loaded: list[CheckSet] = []

    def load() -> CheckSet:
        check = NeighborUp(protocol="ospf", neighbor="r1", hosts=("group:role__access", "group:lifecycle__*", "!sw2"))
        loaded.append(CheckSet((check,), (), IosChecks()))
        return loaded[-1]

    service = NetworkService(small.store, "net", engine=small.engine, checks=load)
    acting = service.acting(reason="CHG-2")
    assert loaded == []
    (check,) = service.checks_of("sw1")
    assert service.checks_of("sw2") == ()
    assert len(loaded) == 1
    assert acting.checks.declared == service.checks.declared
    ospf = "192.0.2.1   0   FULL/  -   00:00:35   192.0.2.1   GigabitEthernet0/4\n"
    assert oks(run_checks([check], lambda _: ospf, when="after")) == [("OSPF neighbour r1 is up", True)]


# --- running them -----------------------------------------------------------------------------------------------------


def test_results_come_in_the_order_of_the_checks_with_what_is_wrong() -> None:
    device = Device({"show interfaces GigabitEthernet0/1": DOWN, "show vlan brief": VLANS})
    results = device.run(
        InterfaceUp(interface="gi0/1", within=0, reason="the uplink"),
        VlanActive(vlan=10),
        VlanActive(vlan=20, within=0),
    )
    assert oks(results) == [
        ("interface GigabitEthernet0/1 is up", False),
        ("VLAN 10 is active", True),
        ("VLAN 20 is active", False),
    ]
    assert [each.said for each in results] == [
        "it is down, line protocol is down (notconnect) (the uplink)",
        "",
        "the switch does not have it",
    ]


def test_one_answer_tells_of_several_checks() -> None:
    device = Device({"show vlan brief": VLANS})
    device.run(VlanActive(vlan=10), VlanActive(vlan=20, within=0))
    assert device.asked == ["show vlan brief"]


def test_a_check_after_a_change_is_given_its_time() -> None:
    device = Device({"show interfaces GigabitEthernet0/1": [DOWN, DOWN, UP], "show vlan brief": VLANS})
    up, vlan = device.run(InterfaceUp(interface="gi0/1", within=10, every=2), VlanActive(vlan=10))
    assert (up.ok, up.seconds, vlan.seconds) == (True, 4, 0)
    assert device.asked.count("show vlan brief") == 1


def test_its_time_ends() -> None:
    device = Device({"show interfaces GigabitEthernet0/1": DOWN})
    (result,) = device.run(InterfaceUp(interface="gi0/1", within=10, every=4))
    assert not result.ok
    assert device.now == 112
    assert len(device.asked) == 4


def test_a_check_before_a_change_is_run_once() -> None:
    device = Device({"show interfaces GigabitEthernet0/1": [DOWN, UP]})
    (result,) = device.run(InterfaceUp(interface="gi0/1"), when="before")
    assert not result.ok
    assert device.now == 100


@pytest.mark.parametrize(("moment", "texts"), [("before", ["b", "c"]), ("after", ["a", "c"])])
def test_each_moment_has_its_checks(moment: Moment, texts: list[str]) -> None:
    own = (Own("a", "after"), Own("b", "before"), Own("c"))
    assert [each.check for each in Device({}).run(own=own, when=moment, memory={})] == texts


def test_where_the_session_broke_the_others_are_not_run_and_have_failed() -> None:
    broken = DeviceUnreachable("acc1 does not answer", subject="acc1")
    device = Device({"show vlan brief": VLANS, "ping 10.0.0.1 repeat 5": broken, "show interfaces": UP})
    results = device.run(VlanActive(vlan=10), Ping(destination="10.0.0.1"), own=[Own(command="show clock")])
    assert [each.said for each in results] == ["", "acc1 does not answer", "not run: acc1 does not answer"]
    assert device.now == 100
    assert device.asked == ["show vlan brief", "ping 10.0.0.1 repeat 5"]


def test_a_check_that_hides_that_the_session_broke_does_not_pass_for_the_others() -> None:
    class Careless(Own):
        def run(self, device: CheckedDevice) -> Iterable[str]:
            try:
                device.ask("show clock")
            except DeviceError:
                return ()
            return ("it answers",)

    device = Device({"show clock": DeviceUnreachable("gone"), "show vlan brief": VLANS})
    hidden, other = device.run(own=[Careless("careless"), Own("other", command="show version")], memory={})
    assert hidden.ok
    assert other.said == "not run: gone"


def test_a_command_that_is_refused_fails_its_check_alone() -> None:
    refused = CommandRejected("acc1 asks back", subject="acc1", line="clear counters", answer="[confirm]")
    device = Device({"clear counters": refused, "show vlan brief": VLANS})
    own, vlan = device.run(VlanActive(vlan=10), own=[Own(command="clear counters", when="after")])[::-1]
    assert own.said == "acc1 asks back"
    assert vlan.ok


def test_what_is_wrong_is_told_in_one_line() -> None:
    (result,) = Device({}).run(own=[Own(finds=("one", "two"))], when="before", memory={})
    assert result.said == "one; two"


def test_a_check_of_ones_own_asks_anew_each_time() -> None:
    device = Device({"show clock": ["1", "2"]})
    (result,) = device.run(own=[Own(command="show clock", when="before")], when="before")
    assert device.asked == ["show clock"]
    assert result.said == "1; 1"


# --- before and after -------------------------------------------------------------------------------------------------


def test_errors_are_read_before_and_judged_after() -> None:
    memory: Memory = {}
    before = Device({"show interfaces": UP.format(7)}).run(NoNewErrors(), when="before", memory=memory)
    assert oks(before) == [("no new errors on all interfaces", True)]
    assert memory == {"no new errors on all interfaces": {"GigabitEthernet0/1": 7}}
    (same,) = Device({"show interfaces": UP.format(7)}).run(NoNewErrors(), memory=memory)
    (more,) = Device({"show interfaces": UP.format(9)}).run(NoNewErrors(), memory=memory)
    assert (same.ok, more.said) == (True, "there are 2 on GigabitEthernet0/1")


def test_counters_that_were_refused_before_fail_then_and_later() -> None:
    memory: Memory = {}
    (before,) = Device({"show interfaces": "% Invalid input"}).run(NoNewErrors(), when="before", memory=memory)
    assert before.said == "% Invalid input"
    (after,) = Device({"show interfaces": UP.format(0)}).run(NoNewErrors(), memory=memory)
    assert after.said == "the counters were not read before the change"


def test_without_what_was_before_nothing_is_compared() -> None:
    assert Device({}).run(NoNewErrors()) == ()


def test_errors_are_judged_when_all_else_has_settled() -> None:
    memory: Memory = {"no new errors on all interfaces": {"GigabitEthernet0/1": 0}}
    device = Device({"show interfaces GigabitEthernet0/1": [DOWN, UP], "show interfaces": UP.format(0)})
    results = device.run(NoNewErrors(), InterfaceUp(interface="gi0/1"), memory=memory)
    assert oks(results) == [("no new errors on all interfaces", True), ("interface GigabitEthernet0/1 is up", True)]
    assert device.asked[-1] == "show interfaces"


def test_a_check_of_ones_own_remembers() -> None:
    memory: Memory = {}
    assert oks(Device({}).run(own=[Own()], when="before", memory=memory)) == [("ours", True)]
    assert oks(Device({}).run(own=[Own()], memory=memory)) == [("ours", True)]
    (unseen,) = Device({}).run(own=[Own()], memory={})
    assert unseen.said == "acc1 (acc1) was not seen before"


def test_every_kind_has_words_of_its_own() -> None:
    with pytest.raises(NotImplementedError):
        _ = Check().text
