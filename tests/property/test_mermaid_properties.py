"""Whatever a text is, the real Mermaid takes it, shows it as it is, and does nothing that it says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.application.observations import HEALTH
from cimnet_nornir.projections.mermaid import hosting_view, topology, vlan_view
from cimnet_nornir.projections.mermaid.flowchart import Box, Chart, Line, written_chart
from cimnet_nornir.projections.mermaid.text import LONGEST, escaped, label, seen, size
from tests.browser import Mermaid
from tests.hostile_texts import TEXTS, WORDS
from tests.large_graphs import large_graph

# Many texts in one picture: drawing one takes longer than making all of them.
SHEETS = st.lists(TEXTS.filter(seen), min_size=20, max_size=20, unique_by=seen)


def shown(mermaid: Mermaid, text: str, selector: str) -> list[str]:
    """What stands in a picture, blanks as one: HTML and SVG show them so."""
    return [" ".join(each.split()) for each in mermaid.render(text, selector).shown]


def chart(texts: list[str]) -> Chart:
    """Each text alone in a box, as the second line of one, as the title of a frame, and on a line."""
    alone = [Box(f"a{number}", (text,), "switch") for number, text in enumerate(texts)]
    second = [Box(f"b{number}", ("-", text), "event", frames=(text,)) for number, text in enumerate(texts)]
    lines = [Line(f"a{number}", f"b{number}", text) for number, text in enumerate(texts)]
    return Chart("".join(texts), (*alone, *second), tuple(lines))


def check_chart(mermaid: Mermaid, texts: list[str]) -> None:
    found = shown(mermaid, written_chart(chart(texts)), ".nodeLabel, .edgeLabel .edgeLabel")
    for text in texts:
        assert found.count(seen(text)) >= 3, (text, written_chart(chart([text])))
        assert f"-{seen(text)}" in found, (text, written_chart(chart([text])))


def test_every_word_that_means_something_is_shown_as_it_is(mermaid: Mermaid) -> None:
    words = list({seen(word): word for word in WORDS if seen(word)}.values())
    for start in range(0, len(words), 20):
        check_chart(mermaid, words[start : start + 20])


@given(SHEETS)
@settings(max_examples=15)
def test_whatever_stands_in_a_flowchart_is_shown_as_it_is(mermaid: Mermaid, texts: list[str]) -> None:
    check_chart(mermaid, texts)


@given(SHEETS)
@settings(max_examples=15)
def test_whatever_stands_in_a_sequence_diagram_is_shown_as_it_is(mermaid: Mermaid, texts: list[str]) -> None:
    names = [f"  participant p{number} as {escaped(text)}" for number, text in enumerate(texts)]
    lines = [f"  p0->>p{number}: {escaped(text)}<br/>{escaped(text)}" for number, text in enumerate(texts)]
    lines += [f"  note over p{number}: {escaped(text)}" for number, text in enumerate(texts)]
    found = shown(mermaid, "\n".join(["sequenceDiagram", *names, *lines]), "text")
    for text in texts:
        # A participant stands above and below.
        assert found.count(seen(text)) >= 5, (text, escaped(text))


@given(SHEETS)
@settings(max_examples=6)
def test_a_network_of_hostile_names_is_drawn(mermaid: Mermaid, texts: list[str]) -> None:
    def name(number: int) -> str:
        return texts[number % len(texts)]

    graph = large_graph(30, name=name, site=name, role=name)
    statuses = {str(number): HEALTH[number % len(HEALTH)] for number in range(30)}
    views = [vlan_view(graph), vlan_view(graph, vlan=11), hosting_view(graph)]
    views += [topology(graph, statuses=statuses, fold=fold) for fold in (None, 12, 4)]
    views += [vlan_view(graph, fold=4), hosting_view(graph, fold=4)]
    mermaid.parse(*views)
    boxes = shown(mermaid, topology(graph), ".node .nodeLabel")
    assert boxes[0].startswith(tuple(map(seen, texts)))
    kinds = ("router", "switch", "layer-3 switch", "host")
    assert {f"{seen(text)}{kind}" for text in texts for kind in kinds} >= set(boxes)


@given(TEXTS)
def test_what_is_shown_has_nothing_that_cannot_be_seen_and_a_limit(text: str) -> None:
    assert len(seen(text)) <= LONGEST
    assert seen(seen(text)) == seen(text)
    assert seen(text).isprintable() or not seen(text).isascii()
    assert not set(escaped(text)) & set('"`<>[]{}|\\\n\r\0')


@given(st.text())
def test_the_size_of_a_text_is_that_of_utf_16(text: str) -> None:
    assert size(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_plain_names_stay_readable() -> None:
    assert escaped("core_sw-1.hq (Gi1/0/1): access VLAN 10, 10.0.0.1/24") == (
        "core_sw-1.hq (Gi1/0/1): access VLAN 10, 10.0.0.1/24"
    )
    assert label("acc1", "", "switch") == '"acc1<br/>switch"'
