"""What a device said, with stand-ins for all that tells whose device it is; the same value has the same stand-in.

First everything is looked through for values by where they stand ("username ann", "Processor board ID FOC1234"); then
each value is replaced wherever it stands. What is not found by where it stands is not found: a person reads the result.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from cimnet_nornir.domain.interfaces import is_interface
from cimnet_nornir.ios.addresses_scrubbed import Addresses
from cimnet_nornir.ios.masking import MASK, mask_secrets, secrets_in

_WORD = r"(?P<value>[^\s,()#>\"]+)"
_REST = r"(?P<value>\S.*?)\s*$"
_PLACES: Final = {
    "host": (
        rf"^hostname {_WORD}",
        rf"^{_WORD} uptime is ",
        r"^(?P<value>[A-Za-z][\w.-]*)(?:(?:\(config[^)]*\))?#|>$)",
        rf"^(?:Device ID|System Name|Peer Source Interface): ?{_WORD}",
    ),
    "domain": (
        rf"^ip domain(?:[- ]name| list) (?:vrf \S+ )?{_WORD}",
        rf"^vtp domain {_WORD}",
        rf"^VTP Domain Name +: {_WORD}",
        rf"^(?:Default domain is|VTP Management Domain:) '?{_WORD}",
    ),
    "user": (
        rf"^username {_WORD}",
        rf"(?:change at|updated at) .* by {_WORD}",
        rf"^User *: *{_WORD}",
        rf"^snmp-server user {_WORD}",
        rf"^ *(?:username|key-hash \S+ \S+) {_WORD}$",
    ),
    "serial": (
        rf"^Processor board ID {_WORD}",
        rf"(?i:serial (?:number|num|no))\.? *:? +{_WORD}",
        rf"\bSN: ?{_WORD}",
        rf"^license udi pid \S+ sn {_WORD}",
        rf"(?:TP-self-signed|IOS-Self-Signed-Certificate)-{_WORD}",
    ),
    "text": (
        rf"^ *(?:description|remark) {_REST}",
        rf"^ *\d+ remark {_REST}",
        rf"^snmp-server (?:location|contact|chassis-id) {_REST}",
        rf"^ +(?:Port )?Description: {_REST}",
        rf"^Port Description: {_REST}",
        rf"^ name {_REST}",
    ),
    "community": (rf"^ *(?:Community name|Community):? +{_WORD}",),
}
# Rows of tables, which have names and descriptions in columns, and cut them off where they are long.
_ROWS: Final = (
    re.compile(r"^(?P<before>\d+ +)(?P<value>\S+)(?P<after> +(?:active|act/|sus|suspended))"),
    re.compile(
        r"^(?P<before>[A-Z][a-z]+\d\S* +)(?P<value>\S.*?)(?P<after> +(?:connected|notconnect|disabled|err-disabled"
        r"|inactive|monitoring|suspended|sfpAbsent|xcvrAbsen) )"
    ),
    re.compile(
        r"^(?P<before>[A-Z][a-z]\d\S* +(?:admin down|up|down|deleted) +(?:up|down) +)(?P<value>\S.*?)(?P<after> *)$"
    ),
)
# Every switch has VLANs of these names, and nobody named them so.
_OWN_NAMES: Final = re.compile(r"default|VLAN\d+|(?:fddi|fddinet|token-ring|trnet|trcrf|trbrf)-default")
# What stands where a value would, where there is none.
_NO_VALUES: Final = frozenset({MASK, "not", "none", "unknown", "-", "--"})
_MAC: Final = re.compile(
    r"(?<![\w.:-])(?:[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2,}(?:\.[0-9A-Fa-f]{2})?"
    r"|[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5})(?![\w.:-])"
)
_HEX: Final = re.compile(r"^ +(?:[0-9A-F]{8} ?){2,}[0-9A-F ]*$|^ +[0-9A-F]{2,8}(?: [0-9A-F]{2,8})*$")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
_BANNER: Final = re.compile(r"^banner \S+ (?P<mark>\^\S|\x03|(?P<sign>\S))(?P<text>.*)$")
# Words that devices say themselves: replaced only where they stand for a value.
_COMMON: Final = frozenset(
    (
        *("access", "active", "address", "admin", "cisco", "console", "data", "default", "down", "enable", "guest"),
        *("guests", "host", "ios", "line", "local", "management", "name", "native", "none", "router", "server"),
        *("servers", "ssh", "switch", "test", "trunk", "up", "uplink", "user", "users", "version", "vlan", "voice"),
        *("vty",),
    )
)
_SHORT: Final = 2
# Columns and prompts cut long names off; so much of one still tells whose it is.
_CUT: Final = 12
# In configuration mode the prompt shows so much of a name.
_PROMPT_NAME: Final = 20


@dataclass(slots=True)
class Scrubber:
    """Stand-ins for one recording. `key` is random and kept nowhere; `known` are values by kind, known beforehand."""

    key: bytes = field(repr=False)
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _found: dict[str, tuple[str, str]] = field(init=False, default_factory=dict, repr=False)
    _used: set[tuple[str, str]] = field(init=False, default_factory=set, repr=False)
    _macs: dict[str, str] = field(init=False, default_factory=dict, repr=False)
    _secrets: set[str] = field(init=False, default_factory=set, repr=False)
    _banners: Counter[str] = field(init=False, default_factory=Counter, repr=False)
    _addresses: Addresses = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._addresses = Addresses(self.key)

    def scrub(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The texts without what tells whose they are; their line ends stay as they are."""
        parts = [_lines(text) for text in texts]
        for kind, values in self.known.items():
            for value in values:
                self._learn(kind, value)
        for lines in parts:
            self._look_through([body for body, _ in lines])
        replace = self._replacer()
        return tuple("".join(f"{body}{end}" for body, end in self._scrubbed(lines, replace)) for lines in parts)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many values of each kind got a stand-in."""
        counts = Counter(kind for kind, _ in self._used)
        others = {
            "address": len(self._addresses.seen),
            "mac": len(self._macs),
            "secret": len(self._secrets),
            "banner": sum(self._banners.values()),
        }
        return {kind: count for kind, count in sorted({**counts, **others}.items()) if count}

    # --- looked through -----------------------------------------------------------------------------------------------

    def _look_through(self, lines: Sequence[str]) -> None:
        self._secrets |= {secret for secret in secrets_in("\n".join(lines)) if secret != MASK}
        for line in lines:
            for kind, pattern in _compiled():
                for match in pattern.finditer(line):
                    self._learn(kind, match["value"])
            for row in filter(None, (pattern.match(line) for pattern in _ROWS)):
                self._learn("text", row["value"])

    def _learn(self, kind: str, value: str) -> None:
        value = value.strip("'\"")
        known = value in self._found or value.lower() in _NO_VALUES or _OWN_NAMES.fullmatch(value)
        if not value or known:
            return
        if kind == "host" and "." in value:
            # A neighbour is shown with its domain, or without.
            self._learn(kind, value.partition(".")[0])
            self._learn("domain", value.partition(".")[2])
            return
        longer = next((other for other in self._found if len(value) == _PROMPT_NAME and other.startswith(value)), "")
        if longer:
            self._found[value] = self._found[longer]
            return
        number = sum(found == kind for found, _ in self._found.values()) + 1
        self._found[value] = (kind, f"{kind}{number}")

    # --- replaced -----------------------------------------------------------------------------------------------------

    def _replacer(self) -> re.Pattern[str] | None:
        for value in [value for value in self._found if len(value) > _CUT]:
            for length in range(_CUT, len(value)):
                self._found.setdefault(value[:length].rstrip(), self._found[value])
        # A secret may be a word of the language: only what is none is looked for elsewhere.
        words = {value for value in {*self._found, *self._secrets} if _is_telling(value)}
        if not words:
            return None
        longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        return re.compile(rf"(?<![A-Za-z0-9])(?P<value>{longest_first})(?![A-Za-z0-9])(?P<gap> {{2,}}(?=\S))?")

    def _scrubbed(self, lines: Sequence[tuple[str, str]], replace: re.Pattern[str] | None) -> Iterator[tuple[str, str]]:
        mark = ""
        for body, end in lines:
            if mark:
                inside, found, after = body.partition(mark)
                yield f"{self._banner(inside)}{found}{after}", end
                mark = "" if found else mark
            elif banner := _BANNER.match(body):
                mark = banner["mark"]
                inside, found, after = banner["text"].partition(mark)
                yield f"{body[: banner.start('text')]}{self._banner(inside)}{found}{after}", end
                mark = "" if found else mark
            else:
                yield self._line(body, replace), end

    def _banner(self, text: str) -> str:
        if not text.strip():
            return text
        self._banners["banner"] += 1
        return "text of a banner"

    def _line(self, line: str, replace: re.Pattern[str] | None) -> str:
        line = mask_secrets(line)
        if _HEX.match(line):
            return re.sub(r"[0-9A-F]", "0", line)
        for row in _ROWS:
            line = row.sub(self._row, line)
        for _, pattern in _compiled():
            line = pattern.sub(self._in_place, line)
        if replace is not None:
            line = replace.sub(self._word, line)
        line = _MAC.sub(self._mac, line)
        return self._addresses.scrub(_BASE64.sub("<key>", line))

    def _row(self, match: re.Match[str]) -> str:
        stand_in = self._stand_in(match["value"])
        # Columns stay where they are.
        return f"{match['before']}{stand_in.ljust(len(match['value']))}{match['after']}"

    def _in_place(self, match: re.Match[str]) -> str:
        start, end = match.start("value") - match.start(), match.end("value") - match.start()
        return f"{match[0][:start]}{self._stand_in(match['value'])}{match[0][end:]}"

    def _stand_in(self, value: str) -> str:
        if value in self._found:
            self._used.add(self._found[value])
            return self._found[value][1]
        head, dot, rest = value.partition(".")
        return f"{self._stand_in(head)}.{self._stand_in(rest)}" if dot and head in self._found else value

    def _word(self, match: re.Match[str]) -> str:
        stand_in = self._stand_in(match["value"]) if match["value"] in self._found else MASK
        gap = match["gap"] or ""
        # Columns stay where they are, as far as there is room.
        return stand_in + (" " * max(2, len(match[0]) - len(stand_in)) if gap else "")

    def _mac(self, match: re.Match[str]) -> str:
        digits = re.sub(r"[^0-9a-f]", "", match[0].lower())
        if digits.strip("0f") == "" or digits.startswith(("0180c2", "01000c", "01005e")):
            return match[0]  # none, all, and the groups of protocols
        stand_in = self._macs.setdefault(digits, f"02{len(self._macs) + 1:0{len(digits) - 2}x}")
        signs = iter(stand_in.upper() if match[0] == match[0].upper() else stand_in)
        return re.sub(r"[0-9A-Fa-f]", lambda _: next(signs), match[0])


def _is_telling(value: str) -> bool:
    """Whether a value is replaced wherever it stands: a number, an interface and a word of IOS say too little."""
    ordinary = value.lower() in _COMMON or value.isdigit() or is_interface(value)
    return len(value) >= _SHORT and not ordinary


def _lines(text: str) -> list[tuple[str, str]]:
    """The lines of a text, each with its end as it came."""
    return [(body, end) for body, end in re.findall(r"([^\r\n]*)([\r\n]*)", text) if body or end]


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, patterns in _PLACES.items() for pattern in patterns)
