"""Whatever a device answers, it is read without an error, and what neighbours say of themselves makes no others."""

from hypothesis import given
from hypothesis import strategies as st

from cimnet_nornir.ios import observing as o

LINES = (
    "Device ID: sw1",
    "Chassis id: 0011.2233.4455",
    "System Name: sw1",
    "System Description:",
    "Local Intf: Gi0/1",
    "Interface: GigabitEthernet0/1,  Port ID (outgoing port): Gi0/2",
    "Version :",
    "-------------------------",
    "sw1 uptime is 1 week, 2 minutes",
    "GigabitEthernet0/1 is up, line protocol is up",
    "  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,",
    "     5 packets input, 300 bytes, 0 no buffer",
    "CPU utilization for five seconds: 2%/0%; one minute: 3%; five minutes: 3%",
    "Processor   29CC4E0   342094324    63172548   278921776   276846348   270598896",
    "% Invalid input detected at '^' marker.",
)
ANSWERS = st.lists(st.sampled_from(LINES) | st.text(max_size=40), max_size=12).map("\n".join)
# What can stand behind a label of a line: one line, with something in it.
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30).map(str.strip).filter(bool)


@given(st.dictionaries(st.sampled_from(o.COMMANDS), ANSWERS))
def test_any_answer_is_read(answers: dict[str, str]) -> None:
    facts = o.facts(answers)
    assert facts.get("uptime", 0) >= 0
    for port in o.ports(answers.get(o.INTERFACES, "")):
        assert port["name"]
    for neighbor in o.neighbors(answers):
        assert neighbor["protocol"] in {"cdp", "lldp"}


@given(WORDS, WORDS)
def test_a_description_is_read_as_it_is_and_makes_no_other_interface(first: str, second: str) -> None:
    block = "GigabitEthernet0/{} is up, line protocol is up\n  Description: {}\n  MTU 1500 bytes, BW 1000 Kbit,\n"
    rows = list(o.ports(block.format(1, first) + block.format(2, second)))
    assert [row["description"] for row in rows] == [first, second]


@given(WORDS, WORDS)
def test_what_a_neighbour_says_of_itself_makes_no_other_neighbour(description: str, port: str) -> None:
    entry = (
        "------------------------------------------------\nLocal Intf: Gi0/1\nChassis id: 0011.2233.4455\n"
        f"Port id: {port}\nPort Description: {description}\nSystem Name: sw2\n\nSystem Description: \n{description}\n\n"
        "Time remaining: 100 seconds\nVlan ID: 1\n\n"
    )
    rows = list(o.neighbors({o.LLDP: f"{entry}Total entries displayed: 1\n"}))
    assert [(row["port"], row["name"]) for row in rows] == [("GigabitEthernet0/1", "sw2")]
