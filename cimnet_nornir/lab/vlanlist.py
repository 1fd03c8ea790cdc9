"""VLAN lists as IOS writes them: `1,10-12,20`."""

from collections.abc import Iterable

HIGHEST = 4094
# A list longer than this goes on in `switchport trunk allowed vlan add` lines.
LINE_LENGTH = 255


def parse_vlans(text: str) -> frozenset[int] | str:
    """The numbers of a list, or IOS's complaint about it."""
    found: set[int] = set()
    position = 0
    for part in text.split(","):
        first, _, last = part.partition("-")
        position += len(part) + 1
        for number in (first, last or first):
            if not 1 <= int(number) <= HIGHEST:
                return (
                    f"Command rejected: Bad VLAN list - character #{position} delimits a VLAN number ({number}) "
                    f"which is out of the range 1..{HIGHEST}."
                )
        if int(last or first) < int(first):
            return "Command rejected: Bad VLAN list - the end of a range is lower than its start."
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def format_vlans(vlans: Iterable[int]) -> str:
    """The shortest list: two neighbours with a comma, three or more with a dash."""
    runs: list[list[int]] = []
    for vlan in sorted(vlans):
        if runs and vlan == runs[-1][-1] + 1:
            runs[-1].append(vlan)
        else:
            runs.append([vlan])
    return ",".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    return f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run))


def wrap_vlans(prefix: str, text: str) -> tuple[str, ...]:
    """The lines that set a list of any length: the first with `prefix`, the others with `prefix add`."""
    lines: list[str] = []
    start = f"{prefix} "
    current = ""
    for part in text.split(","):
        longer = f"{current},{part}" if current else part
        if len(start) + len(longer) > LINE_LENGTH:
            lines.append(start + current)
            start, longer = f"{prefix} add ", part
        current = longer
    return (*lines, start + current)
