"""The VLANs of a VTP server, read beside its configuration, are those that a transparent switch shows in its own."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import SWITCH_IOS
from cimnet_nornir.ios.tree import Node, parse_config, sections
from cimnet_nornir.ios.vlan_database import VLAN_COMMAND, needs_vlan_database, with_vlan_database
from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, VtpMode
from cimnet_nornir.lab.storage import MemoryStorage

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,31}", fullmatch=True)
VLANS = st.dictionaries(
    st.integers(2, 1001), st.tuples(st.none() | NAMES, st.booleans(), st.booleans()), min_size=1, max_size=12
)


def switch(mode: VtpMode, lines: Iterable[str]) -> Session:
    declared = LabDevice("sw1", "ios", "switch", ("Gi0/1",), vtp_mode=mode)
    user = Session(Device(declared, LabCredentials("admin", "word"), MemoryStorage()), "admin")
    for line in ("configure terminal", *lines, "end"):
        user.feed(line)
    return user


def typed(vlans: dict[int, tuple[str | None, bool, bool]]) -> Iterable[str]:
    for number, (name, suspended, shut) in vlans.items():
        yield f"vlan {number}"
        yield from (f"name {name}",) if name else ()
        yield from ("state suspend",) if suspended else ()
        yield from ("shutdown",) if shut and not suspended else ()
        yield "exit"


def vlans_of(running: str) -> dict[str, frozenset[str]]:
    nodes: tuple[Node, ...] = sections(normalise(parse_config(running), SWITCH_IOS), "vlan ")
    return {node.text: frozenset(child.text for child in node.children) for node in nodes}


@given(VLANS)
def test_a_vtp_server_reads_as_a_transparent_switch(vlans: dict[int, tuple[str | None, bool, bool]]) -> None:
    server, transparent = switch("server", typed(vlans)), switch("transparent", typed(vlans))
    running = server.device.running_config()
    assert needs_vlan_database(running, switches=True)
    merged = with_vlan_database(running, server.feed(VLAN_COMMAND).text)
    shown = vlans_of(transparent.device.running_config())
    assert vlans_of(merged) == shown
    assert f"vlan {min(vlans)}" in shown
    assert not needs_vlan_database(transparent.device.running_config(), switches=True)
