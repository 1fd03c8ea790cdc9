"""Lines of BGP, of route maps and of the lists that they use, as IOS shows them, whatever was typed."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from ipaddress import AddressValueError, IPv4Network, IPv6Address, ip_network

from cimnet_nornir.domain.interfaces import canonical_interface, is_interface
from cimnet_nornir.ios.first_words import by_first_word

_HALF = 65536
_PREFIX_ENTRY = re.compile(
    r"(?P<head>(?:no )?(?P<family>ip|ipv6) prefix-list \S+(?: seq \d+)? (?:permit|deny)) (?P<prefix>\S+)(?P<rest>.*)"
)
_REDISTRIBUTE = re.compile(r"(?P<head>redistribute \S+(?: \d+)?)(?P<rest> (?:match|metric|route-map) .+)")
# Its options in the order in which IOS shows them; one of these ends the values of the one before.
_OPTION = re.compile(
    r"(metric|match|route-map|tag|subnets|include-connected)(?![\w-]) ?(.*?)(?= (?:metric|match|route-map)(?![\w-])|$)"
)
_EXTERNAL = re.compile(r"(?<![\w-])((?:nssa-)?external)(?! [12])")
_COMMUNITIES = re.compile(
    r"(?P<head>(?:no )?(?:set community|ip community-list (?:standard \S+|\d\d?) (?:seq \d+ )?(?:permit|deny)))"
    r" (?P<values>.+)"
)
_EXACT = re.compile(r"match community (?P<names>\S+(?: \S+)*) exact-match")
# Lines that name several things, each of which stands for a line of its own.
_MATCHES = re.compile(
    r"(?P<before>match (?:(?:ip|ipv6) (?:address|next-hop|route-source)(?: prefix-list)?|as-path|community|extcommunity"
    r"|tag|local-preference) )(?P<list>\S+(?: \S+)+)"
)
_MATCH_INTERFACES = re.compile(r"(?P<before>match interface )(?P<list>\S.* .+)")
_INTERFACE = re.compile(r"[A-Za-z-]+ ?\d[\d/.:]*")
_CONFEDERATES = re.compile(r"(?P<before>bgp confederation peers )(?P<list>\d+(?: \d+)+)")
_SENT = re.compile(r"(?P<line>neighbor \S+ send-community) both")


def split_policy(text: str) -> Iterator[str]:
    """The lines that a line stands for; itself where it is one."""
    words = _MATCHES.fullmatch(text) or _CONFEDERATES.fullmatch(text)
    interfaces = _MATCH_INTERFACES.fullmatch(text)
    sent = _SENT.fullmatch(text)
    if words is not None and words["list"].split(" ")[0] != "prefix-list" and "exact-match" not in text:
        yield from (words["before"] + word for word in words["list"].split(" "))
    elif interfaces is not None:
        names = _INTERFACE.findall(interfaces["list"])
        yield from (interfaces["before"] + _named(name) for name in names)
    elif sent is not None:
        yield from (sent["line"], f"{sent['line']} extended")
    else:
        yield text


def _named(name: str) -> str:
    return canonical_interface(name) if is_interface(name) else name


def policy_line(line: str) -> str:
    """The line in the form in which IOS shows it; any other line as it is."""
    for pattern, form in _forms()(line):
        match = pattern.fullmatch(line)
        if match is not None:
            return form(match)
    return line


@cache
def _forms() -> Callable[[str], tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]]:
    plain = (
        (r"(neighbor \S+ ebgp-multihop)", r"\1 255"),
        (r"(neighbor \S+ send-community) standard", r"\1"),
        (r"((?:no )?route-map \S+)", r"\1 permit 10"),
        (r"((?:no )?route-map \S+ (?:permit|deny))", r"\1 10"),
        (r"((?:no )?neighbor \S+ soft-reconfiguration)", r"\1 inbound"),
    )
    forms = (
        (_PREFIX_ENTRY, _prefix_entry),
        (_REDISTRIBUTE, _redistribute),
        (_COMMUNITIES, _communities),
        (_EXACT, _exact),
        *((re.compile(pattern), _template(new)) for pattern, new in plain),
    )
    return by_first_word([(pattern.pattern, (pattern, form)) for pattern, form in forms])


def _template(new: str) -> Callable[[re.Match[str]], str]:
    return lambda match: match.expand(new)


def _prefix_entry(match: re.Match[str]) -> str:
    """Without host bits in the prefix, and `ge` before `le`."""
    try:
        network = ip_network(match["prefix"], strict=False)
    except ValueError:
        return match[0]  # nonsense stays as it stands, for a device or a person to refuse
    bounds = dict(re.findall(r"(ge|le) (\d+)", match["rest"]))
    words = "".join(f" {name} {bounds[name]}" for name in ("ge", "le") if name in bounds)
    shown = str(network) if isinstance(network, IPv4Network) else str(network).upper()
    return f"{match['head']} {shown}{words}"


def _redistribute(match: re.Match[str]) -> str:
    options = dict(_OPTION.findall(match["rest"].strip()))
    if "match" in options:
        options["match"] = _EXTERNAL.sub(r"\1 1 \1 2", options["match"])
    shown = [f"{name} {options.pop(name)}" for name in ("metric", "match", "route-map") if name in options]
    return " ".join((match["head"], *shown, *(f"{name} {value}".rstrip() for name, value in options.items())))


def _communities(match: re.Match[str]) -> str:
    """Communities as AS and number, in one order: a device without `ip bgp-community new-format` shows them as one."""
    words = [_community(word) if word.isdecimal() else word for word in match["values"].split(" ")]
    return f"{match['head']} {' '.join(sorted(words, key=_place))}"


def _place(word: str) -> tuple[int, tuple[int, ...], str]:
    """Numbers by their value, then words, and what is said of all of them last."""
    if word in ("additive", "exact-match"):
        return (2, (), word)
    parts = word.split(":")
    return (0, tuple(map(int, parts)), "") if all(map(str.isdecimal, parts)) else (1, (), word)


def _exact(match: re.Match[str]) -> str:
    words = sorted(match["names"].split(" "), key=_place)
    return f"match community {' '.join(words)} exact-match"


def _community(number: str) -> str:
    return f"{int(number) // _HALF}:{int(number) % _HALF}"


_MAY_BE_IPV6 = re.compile(r"(?<=[ ])(?P<address>[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?P<length>/\d+)?(?= |$)")


def ipv6_in_capitals(line: str) -> str:
    """The line with its IPv6 addresses as IOS shows them: in capitals, and as short as may be."""
    return _MAY_BE_IPV6.sub(_capitals, line) if ":" in line else line


def _capitals(match: re.Match[str]) -> str:
    try:
        return str(IPv6Address(match["address"])).upper() + (match["length"] or "")
    except AddressValueError:
        return match[0]
