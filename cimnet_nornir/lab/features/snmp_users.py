"""Users of SNMPv3: no running configuration shows them; they are kept beside it, and `show snmp user` tells them."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.rules import Change, Rule, store

_KEY: Final = ("user", "group")
_USER: Final = "snmp-server user <user:word> <group:word> v3"
_AUTH: Final = "auth {auth: md5|sha} <auth_secret:word>"
_PRIV: Final = "priv {priv: des|3des|aes {128|192|256}} <priv_secret:word>"


def _user(change: Change) -> Outcome:
    """A user without the secrets: a device keeps keys made from them, which nobody reads back."""
    values = change.values
    auth = f" auth {values['auth']}" if "auth" in values else ""
    priv = f" priv {values['priv']}" if "priv" in values else ""
    access = f" access {values['list']}" if "list" in values else ""
    users = _users(change)
    users[values["user"], values["group"]] = auth + priv + access
    return _kept(change, users)


def _no_user(change: Change) -> Outcome:
    users = _users(change)
    users.pop((change.values["user"], change.values["group"]), None)
    return _kept(change, users)


def engine_changed(change: Change) -> Outcome:
    """The keys of the users were made for the engine: with another one none of them gets in."""
    old = change.section.value(change.rule.identity, name="engine")
    if old != change.values["engine"] and not change.device.booting:
        _kept(change, {})
    return store(change)


def _users(change: Change) -> dict[tuple[str, str], str]:
    return kept_users(change.device.storage.read_private())


def kept_users(text: str) -> dict[tuple[str, str], str]:
    """The users by name and group, each with the rest of its line."""
    found: dict[tuple[str, str], str] = {}
    for line in text.splitlines():
        user, group, *rest = line.removeprefix("snmp-server user ").split(" ")
        found[user, group] = "".join(f" {word}" for word in rest[1:])
    return found


def _kept(change: Change, users: dict[tuple[str, str], str]) -> str:
    lines = (f"snmp-server user {user} {group} v3{rest}\n" for (user, group), rest in users.items())
    change.device.storage.write_private("".join(lines))
    return ""


USERS: Final = (
    Rule(
        f"{_USER} [encrypted] [{_AUTH} [{_PRIV}]] [access <list:word>]",
        key=_KEY,
        slot="snmp-server user",
        effect=_user,
        undo=_no_user,
    ),
)
