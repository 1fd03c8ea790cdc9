"""The form of a rule: what a line of IOS is, how it is replaced, how it is taken back, and when."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache


class Owner(Enum):
    """Who decides over a line that is running and that intent does not have."""

    BASE = "base"  # intent does, always: what it leaves out goes
    OBJECT = "object"  # intent does where it has the same object (that ACL, that banner, that setting)
    SIBLING = "sibling"  # intent does where it has any line of the same thing (that HSRP group, that tunnel)
    FAMILY = "family"  # intent does where it has any line of the feature (the list of NTP servers)
    NOBODY = "nobody"  # it is reported and never touched


Identity = tuple[str, ...]
"""What tells a line from others of its section."""


class How(Enum):
    """What a change of the line or of its section needs beyond the plain way."""

    PLAIN = "plain"
    TRUNK = "trunk"  # a list of VLANs changed by add and remove
    LIST = "list"  # a list of VLANs to which each command adds and from which each `no` takes away
    ACL = "acl"  # entries in an order, changed by sequence number
    INTERFACE = "interface"  # may be hardware, which cannot be removed
    JOINS = "joins"  # makes an interface part of a routing process
    USER = "user"  # several attributes in one line, each of which may be typed by itself
    LINES = "lines"  # terminals in ranges, which are there whatever is said of them
    ORDERED = "ordered"  # one of a list in which a new one comes last
    ONE_BY_ONE = "one by one"  # its options stay until they are taken back by name
    GROWS = "grows"  # its options stay until the whole line is taken back
    KEPT = "kept"  # never taken back by itself, since more would go with it
    REMADE = "remade"  # a section that cannot be changed: where a line of it differs, it goes and comes anew
    SHELL = "shell"  # a header that is there only while lines stand below it, and that has no `no`


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of line.

    `pattern` matches the whole canonical line; its groups `key`, `key2` … are what tells two lines of the kind apart.
    A `single` line has one value per key and is replaced by typing the new one; without `single` each text stands by
    itself. `undo` is what takes it back ("" means `no` and the line), with the groups of the pattern as fields.
    `order` and `undo_order` say when, among the lines of the same section, it is brought and taken back (at the top:
    see `phases`). `opens` names the kind of section it begins. `default` matches the text that says what the device
    does anyway, `shown` what it shows too although nobody set it. `clears` matches the lines of the same section that
    the device drops by itself when this one changes, with the groups of the pattern as fields. `unshown` marks a line
    that no running configuration has although it is set. `undo_first` marks a value that the device does not replace,
    `makes_room` one that goes before another of its feature comes. `no_is_absent` says that a device shows the line's
    negation too, and that it means no more than not being there. `options` are those that may follow the group `head`
    of the pattern, in the order in which they are compared ("metric _": with one word); `idle` are those, with their
    words, that say what the device does anyway. `whole` says that the lines of one `key` are one object: who has one
    of them has them all. `adds_up` marks a line whose words, once typed, stay until the line is taken back, although a
    new one without them is typed. `hazard` is what a person should read before it is taken back.
    """

    feature: str
    pattern: str
    single: bool = False
    undo: str = ""
    owner: Owner = Owner.BASE
    order: int = 50
    undo_order: int = 50
    opens: str = ""
    default: str = ""
    shown: str = ""
    clears: str = ""
    undo_first: bool = False
    makes_room: bool = False
    no_is_absent: bool = False
    unshown: bool = False
    whole: bool = False
    adds_up: bool = False
    options: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    how: How = How.PLAIN
    hazard: str = ""

    def identity(self, text: str) -> Identity:
        """What tells this line from others of its section; two lines with one identity are values of one setting."""
        match = compiled(self.pattern).fullmatch(text) if self.single else None
        return (self.feature, self.pattern if self.single else text) if match is None else self.identity_by(match)

    def identity_by(self, match: re.Match[str]) -> Identity:
        """The same of a line that the pattern matches so."""
        if not self.single:
            return (self.feature, match[0])
        groups = match.groupdict()
        return (self.feature, self.pattern, *(value or "" for name, value in groups.items() if name.startswith("key")))

    def groups(self, text: str) -> dict[str, str | None]:
        """The named groups of the pattern in a line that it matches; empty for one that it does not."""
        match = compiled(self.pattern).fullmatch(text)
        return match.groupdict() if match else {}

    def thing(self, text: str) -> tuple[str, str]:
        """What the line is a part of, where `Owner.SIBLING` asks: the first word of its feature, and its first key."""
        return self.feature.partition(" ")[0], self.groups(text).get("key") or ""

    def drops(self, text: str, other: str) -> bool:
        """Whether a device drops another line of the section by itself when this one changes."""
        if not self.clears:
            return False
        pattern = self.clears
        for name, value in self.groups(text).items():
            pattern = pattern.replace(f"{{{name}}}", re.escape(value or ""))
        return compiled(pattern).fullmatch(other) is not None

    def says_default(self, text: str) -> bool:
        """Whether a line says only what the device does without it."""
        return bool(self.default) and compiled(self.default).fullmatch(text) is not None

    def says_nothing(self, text: str) -> bool:
        """Whether a running line is one that a device shows when nobody set it."""
        shown = bool(self.shown) and compiled(self.shown).fullmatch(text) is not None
        return shown or self.says_default(text) or (self.no_is_absent and text.startswith("no "))

    def goes_first(self, present: str, wanted: str) -> bool:
        """Whether the line has to be taken back before another value of it is typed."""
        words = (word for word in present.split(" ") if word[0].isalpha())
        said = not (present.startswith("no ") or wanted.startswith("no "))
        return self.undo_first or (self.adds_up and said and not frozenset(words) <= frozenset(wanted.split(" ")))

    def in_the_way(self, present: str, wanted: str) -> bool:
        """Whether the line makes room for the other one: `key2` tells the two apart, and they are about the same."""
        have, want = self.groups(present), self.groups(wanted)
        return "key2" not in have or all(have.get(name) == want.get(name) for name in ("key", "key3"))

    def undo_of(self, text: str) -> str:
        """The command that takes the line back; a line that begins with `no` is taken back by leaving that out."""
        if self.undo:
            return self.undo.format(**{name: value or "" for name, value in self.groups(text).items()})
        return text.removeprefix("no ") if text.startswith("no ") else f"no {text}"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The compiled pattern; a block of several lines (a banner) is matched as one text."""
    return re.compile(pattern, re.DOTALL)


# Any line that no rule knows: brought where intent has it, never taken back.
UNKNOWN = Rule("unknown", r"(?:no )?(?P<key>.+)", single=True, owner=Owner.NOBODY, no_is_absent=True)
# A section that no rule knows is read as such lines.
OPAQUE = "opaque"
TOP = "top"
