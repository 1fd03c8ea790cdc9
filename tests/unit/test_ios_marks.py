"""Lines that hold the secret of the intent, and the account of the lines of a file."""

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.reading import Reading, ReadLine
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.ios.marks import marked
from cimnet_nornir.ios.reading.account import account
from cimnet_nornir.ios.tree import parse_config, to_text

SECRETS = {"env:KEY": "7 0822455D0A16", "env:OTHER": "plain words"}
INTENDED = """\
mystery server 192.0.2.1 key <secret:env:KEY>
line vty 0 4
 password <secret:env:OTHER>
"""


def through(running: str, intended: str = INTENDED) -> str:
    return to_text(marked(parse_config(running), parse_config(intended), SECRETS.get))


def test_a_line_with_the_very_secret_is_told_by_its_mark_wherever_it_stands() -> None:
    running = "mystery server 192.0.2.1 key 7 0822455D0A16\nline vty 0 4\n password plain words\n login\n"
    assert through(running) == INTENDED + " login\n"


def test_other_secrets_and_other_sections_stay_as_they_are() -> None:
    running = "mystery server 192.0.2.1 key 7 AAAA\nline vty 5 15\n password plain words\n"
    assert through(running) == running


def test_a_secret_that_is_not_there_matches_nothing() -> None:
    running = "mystery server 192.0.2.1 key 7 AAAA\n"
    assert through(running, "mystery server 192.0.2.1 key <secret:env:GONE>\n") == running


def test_without_marks_nothing_is_touched() -> None:
    running = parse_config("hostname r1\n")
    assert marked(running, running, None) is running


def reading(*lines: ReadLine) -> Reading:
    device = Device("", "r1", "r1", DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"))
    return Reading(device, lines)


def test_every_line_of_a_file_has_a_class_and_shows_no_secret() -> None:
    text = "!\nhostname r1\n\nbanner motd ^C\nhello\n^C\nenable secret 9 $9$abc\nend"
    found = account(
        text,
        reading(
            ReadLine(("hostname r1",), "owned"),
            ReadLine((parse_config(text).nodes[1].text,), "adopted"),
            ReadLine(("enable secret 9 $9$abc",), "adopted"),
            ReadLine(("end",), "noise"),
        ),
    )
    assert [line.how for line in found] == [
        "noise", "owned", "noise", "adopted", "adopted", "adopted", "adopted", "noise",
    ]  # fmt: skip
    assert [line.number for line in found] == list(range(1, 9))
    assert found[6].text == "enable secret 9 <masked>"


def test_a_line_that_was_not_read_is_unknown() -> None:
    found = account("hostname r1\nip cef\n", reading(ReadLine(("hostname r1",), "owned")))
    assert [line.how for line in found] == ["owned", "unknown"]
