"""What is said of two modules of a host, whatever stands in them."""

from hypothesis import given
from hypothesis import strategies as st

from cimnet_nornir.application.host_plan import HostEngine, only_takes_away
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.nix import NixGenerator

ENGINE = HostEngine(NixGenerator())
HOST = Device("net", "srv1", "srv1", DeviceKind.HOST, DeviceDetails(vendor="nixos", platform="nixos"))
LINES = st.lists(
    st.sampled_from(
        [
            "",
            "{",
            "}",
            "};",
            "  a = {",
            "    b = 1;",
            "    c = [",
            '      "x" "y"',
            '      "x"',
            "    ];",
            "  };",
            "# z",
        ]
    )
    | st.text(st.characters(codec="utf-8", exclude_characters="\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), max_size=12),
    max_size=12,
)


def text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


@given(LINES, LINES)
def test_two_modules_differ_where_their_lines_do_and_the_way_back_is_the_reverse(a: list[str], b: list[str]) -> None:
    found, back = ENGINE.compare(HOST, text(a), text(b)), ENGINE.compare(HOST, text(b), text(a))
    assert found.in_sync is (a == b)
    assert bool(found.diff) is (a != b)
    assert found.inverse == back.commands
    for change in found.changes:
        assert change.command[0] == ("+" if change.adds else "-")
        assert change.path[:-1] == change.section


@given(LINES)
def test_every_line_that_says_something_has_a_path_that_ends_with_it(lines: list[str]) -> None:
    said = [path[-1] for path in ENGINE.paths(text(lines))]
    assert all(word in [line.strip() for line in lines] for word in said)
    assert ENGINE.lines(HOST, text(lines)) == frozenset(ENGINE.paths(text(lines)))


@given(LINES, st.data())
def test_to_leave_lines_out_only_takes_away(lines: list[str], data: st.DataObject) -> None:
    kept = [line for line in lines if data.draw(st.booleans())]
    words = [word for line in lines for word in line.split()]
    found = ENGINE.compare(HOST, text(lines), text(kept)).commands
    assert only_takes_away(found) is (bool(words) and any(line[1:].split() for line in found))
    added = ENGINE.compare(HOST, text(kept), text(lines)).commands
    assert not only_takes_away(added) or not any(line[1:].split() for line in added)
