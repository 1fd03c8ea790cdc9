"""A session of a push, with a simulated device behind it in the same process: what is asked, and what is answered."""

import re
from types import SimpleNamespace
from typing import cast

import pytest

from cimnet_nornir.errors import CommandRejected
from cimnet_nornir.inventory.timeouts import Timeouts
from cimnet_nornir.ios import answers
from cimnet_nornir.ios.profiles import ROUTER_IOS
from cimnet_nornir.lab.session import Session as User
from cimnet_nornir.tasks.session import Session
from cimnet_nornir.tasks.terminal import Terminal
from tests.lab_typing import lab_device

PORTS = ("GigabitEthernet0/0", "GigabitEthernet0/1")
MAPPING = "ip nat inside source list 1 interface GigabitEthernet0/1 overload"
RUNNING = f"""
interface GigabitEthernet0/0
 ip nat inside
interface GigabitEthernet0/1
 ip nat outside
{MAPPING}
"""


class Wire(Terminal):
    """A terminal whose lines go to a device without SSH in between."""

    def __init__(self, user: User) -> None:
        super().__init__(cast("object", SimpleNamespace(base_prompt=user.device.hostname)))  # type: ignore[arg-type]  # its name is all that is needed
        self.user = user

    def ask(self, line: str, *, until: re.Pattern[str], seconds: float) -> str:
        reply = self.user.feed(line)
        answer = f"\n{reply.text}{reply.prompt}"
        assert until.search(answer) or self.user.asking
        return answer


@pytest.fixture
def session() -> Session:
    return Session(Wire(User(lab_device(ROUTER_IOS, RUNNING, PORTS), "admin")), "r1", Timeouts())


def test_translations_that_are_in_use_go_with_their_mapping(session: Session) -> None:
    session.configure([f"no {MAPPING}", "hostname r2"])
    assert session.sent == [f"no {MAPPING}", "hostname r2"]
    assert MAPPING not in session.running()


def test_a_question_that_nobody_foresaw_is_told_no(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "REPLIES", ())
    with pytest.raises(CommandRejected, match=r"asks 'Dynamic mapping in use.*was told no") as refused:
        session.configure([f"no {MAPPING}", "hostname r2"])
    assert refused.value.line == f"no {MAPPING}"
    assert MAPPING in session.running()
    assert "hostname r2" not in session.running()
