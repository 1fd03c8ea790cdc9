"""Local users: each has one line, made of attributes that a device takes one by one and never drops by itself."""

import re
from dataclasses import dataclass, replace

from cimnet_nornir.ios.passwords import same_secret
from cimnet_nornir.ios.references import Resolver

_USER = re.compile(
    r"username (?P<name>\S+)(?: privilege (?P<privilege>\d+))?(?: view (?P<view>\S+))?(?: (?P<free>nopassword))?"
    r"(?: (?P<secret>(?:algorithm-type \S+ )?(?:password|secret) .+))?"
)
_LEVEL = "1"  # of whom no line says another


@dataclass(frozen=True, slots=True, repr=False)
class User:
    """What is said of one user; `secret` begins with `password`, `secret` or the algorithm of a secret."""

    name: str
    privilege: str = _LEVEL
    view: str = ""
    free: str = ""
    secret: str = ""

    @property
    def text(self) -> str:
        """The user as one line, as a device shows it."""
        level = f"privilege {self.privilege}" if self.privilege != _LEVEL else ""
        view = f"view {self.view}" if self.view else ""
        return " ".join(part for part in (f"username {self.name}", level, view, self.free, self.secret) if part)

    @property
    def kind(self) -> str:
        """Which of the two a device keeps, and does not take the other beside it."""
        return "password" if self.secret.startswith("password ") else "secret" if self.secret else ""


def read_user(text: str) -> User | None:
    """The user that a line is about; None where it says anything else."""
    match = _USER.fullmatch(text)
    if match is None:
        return None
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    return User(**{**found, "privilege": str(int(found.get("privilege", _LEVEL)))})


def canonical_user(text: str) -> str:
    """The line of a user as a device shows it; any other line as it is."""
    user = read_user(text) if text.startswith("username ") else None
    return text if user is None else user.text


def merged_user(before: str, typed: str) -> str:
    """The line of a user after another one was typed; the typed one where it is not about attributes."""
    was, now = read_user(before), read_user(typed)
    if was is None or now is None:
        return typed
    given = " privilege " in typed.partition(" secret ")[0].partition(" password ")[0]
    return replace(
        now,
        privilege=now.privilege if given else was.privilege,
        view=now.view or was.view,
        free=now.free or ("" if now.secret else was.free),
        secret=now.secret or was.secret,
    ).text


def two_secrets(before: str, typed: str) -> bool:
    """Whether a line would give a user a secret beside a password, which a device refuses."""
    kinds = {user.kind for user in map(read_user, (before, typed)) if user is not None}
    return kinds == {"password", "secret"}


def user_commands(before: str, wanted: str, resolve: Resolver | None = None) -> tuple[str, ...]:
    """What takes a user's line to another; the first is `no username …` where the device does not just replace it."""
    was, now = read_user(before), read_user(wanted)
    if was is None or now is None:
        return (wanted,)
    anew = bool(was.kind and was.kind != now.kind) or bool(was.view and not now.view) or bool(was.free and not now.free)
    if anew:
        return (f"no username {now.name}", wanted)
    head = f"username {now.name}"
    same = was.secret == now.secret or same_secret(f"{head} {was.secret}", f"{head} {now.secret}", resolve)
    # The privilege is not said anew where nothing but it would be, nor where it is that of everybody.
    said = was.privilege != now.privilege or (not same and now.privilege != _LEVEL)
    level = f" privilege {now.privilege}" if said else ""
    view = f" view {now.view}" if now.view != was.view else ""
    free = f" {now.free}" if now.free != was.free else ""
    secret = "" if same else f" {now.secret}"
    return (f"{head}{level}{view}{free}{secret}",)
