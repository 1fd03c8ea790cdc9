"""Markings and actions of QoS as arguments: read by name or number, shown as IOS shows them."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from cimnet_nornir.lab.acl_arguments import DSCP_NAMES, PRECEDENCE_NAMES
from cimnet_nornir.lab.tokens import Read, Reader, Wrong, token_of

_DSCP_NUMBERS: Final = {name: number for number, name in DSCP_NAMES.items()}
_PRECEDENCE_NUMBERS: Final = {name: number for number, name in PRECEDENCE_NAMES.items()}
_SETTING: Final = re.compile(r"set-(?P<what>[a-z-]+)-transmit +(?P<value>\S+)")
_WORD: Final = re.compile(r"\S+\s*")
_MOST: Final = 8
_PLAIN: Final = ("transmit", "drop", "policed-dscp-transmit")


def _dscp(word: str) -> int | None:
    number = int(_DSCP_NUMBERS.get(word.lower(), word)) if _DSCP_NUMBERS.get(word.lower(), word).isdecimal() else None
    return number if number is not None and number < 64 else None


def _precedence(word: str) -> int | None:
    text = _PRECEDENCE_NUMBERS.get(word.lower(), word)
    return int(text) if text.isdecimal() and int(text) < 8 else None


def _dscp_name(number: int) -> str:
    return DSCP_NAMES.get(str(number), str(number))


def _values(
    text: str, read: Callable[[str], int | None], shown: Callable[[int], str], *, several: bool = True
) -> Read | Wrong:
    """Up to eight values, from the lowest to the highest."""
    numbers: set[int] = set()
    length = 0
    for word in _WORD.finditer(text):
        number = read(word[0].strip())
        if number is None or len(numbers) == (_MOST if several else 1):
            break
        numbers.add(number)
        length = word.start() + len(word[0].rstrip())
    return Read(" ".join(map(shown, sorted(numbers))), length) if numbers else Wrong()


def _number(limit: int) -> Callable[[str], int | None]:
    return lambda word: int(word) if word.isdecimal() and int(word) < limit else None


def _action(text: str) -> Read | Wrong:
    token = token_of(text)
    if token in _PLAIN:
        return Read(token, len(token))
    match = _SETTING.match(text)
    if match is None:
        return Wrong()
    number = _dscp(match["value"]) if match["what"] == "dscp" else _precedence(match["value"])
    if number is None:
        return Wrong(match.start("value"))
    shown = _dscp_name(number) if match["what"] == "dscp" else str(number)
    return Read(f"set-{match['what']}-transmit {shown}", match.end())


QOS_READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "dscps": lambda text: _values(text, _dscp, _dscp_name),
        "dscp": lambda text: _values(text, _dscp, _dscp_name, several=False),
        "dscp-numbers": lambda text: _values(text, _number(64), str),
        "precedences": lambda text: _values(text, _precedence, str),
        "precedence": lambda text: _values(text, _precedence, str, several=False),
        "cos-numbers": lambda text: _values(text, _number(8), str),
        "qos-action": _action,
    }
)
