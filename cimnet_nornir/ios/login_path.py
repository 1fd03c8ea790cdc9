"""How one logs in to a device: virtual terminals, AAA, SSH, users, and the access lists in between."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.validation.management_access import Door, passage_of
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.acl_reading import read_list
from cimnet_nornir.ios.tree import Config, Node, find, sections

_VTY: Final = re.compile(r"line vty (?P<first>\d+)(?: (?P<last>\d+))?")
_ACCESS_CLASS: Final = re.compile(r"access-class (?P<name>\S+) in(?: .+)?")
_NEW_MODEL: Final = "aaa new-model"
_LOGIN_LIST: Final = re.compile(r"aaa authentication login (?P<name>\S+) (?P<methods>.+)")
_ENABLE: Final = ("enable secret ", "enable password ")
_NO_CONFIGURATION_SHOWS: Final = (
    (re.compile(r"crypto key zeroize(?: .+)?"), "this removes the key of the SSH server"),
    (re.compile(r"no ip ssh(?: server(?: enable)?)?"), "this switches SSH off"),
    (re.compile(r"ip ssh version 1"), "this leaves version 1 of SSH alone, and a push speaks version 2"),
)

Settings = Mapping[str, str]
"""The lines of a virtual terminal that say who gets in, by what they are about."""


@dataclass(frozen=True, slots=True)
class Access:
    """The part of a configuration that lets people in."""

    config: Config
    new_model: bool
    terminals: Mapping[int, Settings]

    def method(self, terminal: int) -> str:
        """How a virtual terminal asks who comes, as the line that says so."""
        said = self.terminals[terminal].get("login", "login")
        if not self.new_model:
            return said
        return said if said.startswith("login authentication ") else "login authentication default"

    @property
    def lets_in(self) -> bool:
        """Whether anybody can log in by SSH: plain `login` asks for a password of the line, which SSH does not know."""
        return self.new_model or any(self.method(number) != "login" for number in self.terminals)

    @property
    def methods(self) -> frozenset[str]:
        """The ways in which the virtual terminals ask; where none is shown, the way that AAA has for all."""
        by_default = frozenset({"login authentication default"} if self.new_model else ())
        return frozenset(self.method(number) for number in self.terminals) or by_default


def access_of(config: Config) -> Access:
    """What of a normalised configuration lets people in; later lines on the same terminal win."""
    terminals: dict[int, dict[str, str]] = {}
    for node in sections(config, "line vty "):
        match = _VTY.fullmatch(node.text)
        for number in range(int(match["first"]), int(match["last"] or match["first"]) + 1) if match else ():
            terminals.setdefault(number, {}).update(_settings(node))
    return Access(config, find(config, (_NEW_MODEL,)) is not None, terminals)


def _settings(node: Node) -> Iterator[tuple[str, str]]:
    for child in node.children:
        text = child.text
        if text.removeprefix("no ") == "login" or text.startswith("login "):
            yield "login", text
        elif text.startswith("password "):
            yield "password", text
        elif text.startswith("transport input "):
            yield "transport", text
        elif match := _ACCESS_CLASS.fullmatch(text):
            yield "access-class", match["name"]


def cuts_login(device: Device, running: Config, after: Config, commands: Sequence[str]) -> Iterator[str]:
    """What keeps the next login out that the running configuration lets in."""
    was, now = access_of(running), access_of(after)
    for command in commands:
        yield from (words for pattern, words in _NO_CONFIGURATION_SHOWS if pattern.fullmatch(command.strip()))
    yield from _terminals_cut(device, was, now)
    yield from _locked(was, now)
    if was.lets_in:
        yield from _methods_cut(was, now)
        yield from _users_cut(was, now)


# --- virtual terminals ------------------------------------------------------------------------------------------------


def _terminals_cut(device: Device, was: Access, now: Access) -> Iterator[str]:
    both = [number for number in was.terminals if number in now.terminals]
    if any(_takes_ssh(was.terminals[n]) for n in both) and not any(_takes_ssh(now.terminals[n]) for n in both):
        yield f"no virtual terminal takes SSH any more ({now.terminals[both[0]]['transport']})"
    said: dict[str, None] = {}
    for number in _by_ssh(was, now):
        names = (was.terminals[number].get("access-class", ""), now.terminals[number].get("access-class", ""))
        said |= dict.fromkeys(_less(device, "line vty", names, was.config, now.config))
    yield from said


def _by_ssh(was: Access, now: Access) -> list[int]:
    """The virtual terminals that SSH comes in by, before and after: who gets in by the others does not matter."""
    numbers = (number for number in was.terminals if number in now.terminals)
    return [n for n in numbers if _takes_ssh(was.terminals[n]) and _takes_ssh(now.terminals[n])]


def _takes_ssh(settings: Settings) -> bool:
    """Without a line it is what the image does by itself, which is held against nobody."""
    words = settings.get("transport", "transport input all").split(" ")
    return bool({"ssh", "all"} & set(words))


def filtered_more(device: Device, interface: str, running: Config, after: Config) -> Iterator[str]:
    """What the list for what comes in at an interface keeps out that it let in before."""
    names = (_group(running, interface), _group(after, interface))
    yield from _less(device, interface, names, running, after)


def _group(config: Config, interface: str) -> str:
    node = find(config, (f"interface {interface}",))
    lines = (child.text.split(" ") for child in node.children) if node is not None else ()
    return next((words[2] for words in lines if words[:2] == ["ip", "access-group"] and words[-1] == "in"), "")


def _less(device: Device, where: str, names: tuple[str, str], running: Config, after: Config) -> Iterator[str]:
    """Whether the second list, after the push, lets fewer sources in by SSH than the first did before."""
    target = device.details.management or IPv4Address(0)
    try:
        was, now = (
            Door(read_list(config, name) if name else None, target)
            for name, config in zip(names, (running, after), strict=True)
        )
    except InvalidValue:
        if names[1] and (names[0] != names[1] or _entries(running, names[0]) != _entries(after, names[1])):
            yield f"{where}: access list {names[1]} filters what comes in, and changes"
        return
    passage = passage_of(where, was, now)
    if passage.lost is None:
        return
    if device.details.management is None:
        yield f"{where}: access list {names[1]} lets {'no source' if now.shut else 'fewer sources'} in by SSH"
    else:
        problem = passage.shut_problem(device) if now.shut else passage.fewer_problem(device)
        yield f"{where}: {problem.message}"


def _entries(config: Config, name: str) -> tuple[Node, ...]:
    heads = (f"ip access-list {kind} {name}" for kind in ("standard", "extended"))
    return next((node.children for head in heads if (node := find(config, (head,)))), ())


def _locked(was: Access, now: Access) -> Iterator[str]:
    """Lines that ask for a password from now on, and have none: "Login disabled on line 2, until 'password' is set"."""
    before, after = (dict(_asks_in_vain(access)) for access in (was, now))
    shut = [line for line, in_vain in after.items() if in_vain and before.get(line) is False]
    kinds = {line.rpartition(" ")[0]: [other for other in shut if other.startswith(line[:8])] for line in shut}
    for kind, lines in kinds.items():
        numbers = " ".join(dict.fromkeys(line.rpartition(" ")[2] for line in (lines[0], lines[-1])))
        yield f"{kind} {numbers}: login asks for a password, and none is set: the device lets nobody in by it"


def _asks_in_vain(access: Access) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it asks for a password that is not there."""
    for number, settings in access.terminals.items():
        yield f"line vty {number}", access.method(number) == "login" and not _is_answered(settings)
    for node in (*sections(access.config, "line con "), *sections(access.config, "line aux ")):
        told = dict(_settings(node))
        yield node.text, not access.new_model and told.get("login") == "login" and not _is_answered(told)


def _is_answered(settings: Settings) -> bool:
    """Whether there is a password, or nobody who could be asked for one."""
    return "password" in settings or settings.get("transport") == "transport input none"


# --- AAA and login methods --------------------------------------------------------------------------------------------


def _methods_cut(was: Access, now: Access) -> Iterator[str]:
    if was.new_model != now.new_model:
        yield f"this switches AAA {'on' if now.new_model else 'off'}: every login is asked in another way"
        return
    asked = [n for n in _by_ssh(was, now) if was.method(n) != "login"]
    in_vain = dict(_asks_in_vain(now))  # of which more is said already
    changed = [n for n in asked if was.method(n) != now.method(n) != "no login" and not in_vain[f"line vty {n}"]]
    if changed:
        before, after = was.method(changed[0]), now.method(changed[0])
        yield f"line vty {changed[0]} {changed[-1]}: {before} becomes {after}"
    if now.new_model:
        yield from _lists_cut(was, now)


def _lists_cut(was: Access, now: Access) -> Iterator[str]:
    before, after = (_lists(access) for access in (was, now))
    for name in dict.fromkeys((*before, *after)):
        used = {f"login authentication {name}"} & (was.methods | now.methods)
        if used and before.get(name) != after.get(name):
            yield f"the methods of AAA for logins ({name}) change to {after.get(name, 'none')}"
    enable = [_beginning(access.config, "aaa authentication enable ") for access in (was, now)]
    if enable[0] != enable[1]:
        yield "the methods of AAA for enable change"
    asked = [_beginning(access.config, "aaa authorization ") for access in (was, now)]
    for line in sorted(asked[1] - asked[0]):
        yield f"{line}: what is typed may be refused from then on"


def _lists(access: Access) -> dict[str, str]:
    matches = (_LOGIN_LIST.fullmatch(node.text) for node in access.config.nodes)
    return {match["name"]: match["methods"] for match in matches if match}


def _beginning(config: Config, words: str) -> frozenset[str]:
    return frozenset(node.text for node in config.nodes if node.text.startswith(words))


# --- users ------------------------------------------------------------------------------------------------------------


def _users_cut(was: Access, now: Access) -> Iterator[str]:
    gone, stay = _gone_and_staying(was, now)
    if gone and not stay:
        yield f"this takes away every user that could log in ({', '.join(gone)})"
    if any(_beginning(was.config, words) for words in _ENABLE) and not any(
        _beginning(now.config, words) for words in _ENABLE
    ):
        yield "this takes away the enable secret: nobody comes to privileged mode by it any more"


def doubts_about_users(running: Config, after: Config) -> Iterator[str]:
    """Users that go while others stay: whether the push logs in as one of them is not known here."""
    gone, stay = _gone_and_staying(access_of(running), access_of(after))
    if gone and stay:
        yield f"this takes away the user {', '.join(gone)}: a push that logs in so does not come in again"


def _gone_and_staying(was: Access, now: Access) -> tuple[list[str], list[str]]:
    """The local users of before that are gone, and those of now; none gone where logins are not checked by them."""
    if not _asks_local_users(was):
        return [], []
    before, after = (sorted({line.split(" ")[1] for line in _beginning(a.config, "username ")}) for a in (was, now))
    return [name for name in before if name not in after], after


def _asks_local_users(access: Access) -> bool:
    if not access.new_model:
        return "login local" in access.methods
    lists = _lists(access)
    names = (method.removeprefix("login authentication ") for method in access.methods)
    return any("local" in lists.get(name, "local").split(" ") for name in names)
