"""Who may come in, as a configuration tells it: users, enable secret, SSH, and what hinders who tries passwords."""

import re
from typing import Any, Final

from cimnet_nornir.domain.features.access import Enable, LoginGuard, Ssh, User
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.fitting import add_what_fits
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config
from cimnet_nornir.ios.users import read_user

_ALGORITHM: Final = re.compile(r"(?:algorithm-type (?P<algorithm>\S+) )?(?P<kind>secret|password) (?P<value>.+)")
_BLOCK: Final = re.compile(r"(?P<seconds>\d+) attempts (?P<attempts>\d+) within (?P<within>\d+)")
_SSH: Final = {
    "version": "version",
    "time-out": "time_out",
    "authentication-retries": "authentication_retries",
    "maxstartups": "max_startups",
    "source-interface": "source_interface",
    "dh min size": "dh_min_size",
    "rsa keypair-name": "key_pair",
    "dscp": "dscp",
}
_NUMBERS: Final = frozenset({"version", "dh min size"})
_KINDS: Final = ("encryption", "mac", "kex", "hostkey", "publickey")


def read(config: Config, draft: Draft) -> None:
    """Take in what a configuration says of who may come in."""
    said = Said.of(node for node in config.nodes if not node.children)
    _users(said, draft)
    _enable(said, draft)
    _ssh(said, draft)
    block = _BLOCK.fullmatch(said.after("login block-for") or "")
    fields: dict[str, Any] = {
        "block": block.groupdict() if block else None,
        "delay": said.after("login delay"),
        "quiet_access_class": said.after("login quiet-mode access-class"),
        "log_failures": said.has("login on-failure log") or None,
        "log_successes": said.has("login on-success log") or None,
        "password_length": said.after("security passwords min-length"),
    }
    add_what_fits(draft, LoginGuard, fields)


def _users(said: Said, draft: Draft) -> None:
    for line in said.lines:
        user = read_user(line)
        if user is None:
            continue
        fields: dict[str, Any] = {"name": user.name, "privilege": int(user.privilege), "view": user.view or None}
        draft.add(User, **fields, no_password=bool(user.free), **_secret(user.secret, draft, f"username-{user.name}"))


def _secret(text: str, draft: Draft, name: str) -> dict[str, Any]:
    match = _ALGORITHM.fullmatch(text)
    if match is None:
        return {}
    return {"algorithm": match["algorithm"], match["kind"]: draft.moved(match["value"], f"{name}-{match['kind']}")}


def _enable(said: Said, draft: Draft) -> None:
    fields: dict[str, Any] = {}
    for words in said.each("enable"):
        # Those of other levels stay as they are.
        if not words.startswith(("secret level ", "password level ")):
            fields |= {name: value for name, value in _secret(words, draft, "enable").items() if value is not None}
    if fields:
        draft.add(Enable, **fields)


def _ssh(said: Said, draft: Draft) -> None:
    fields: dict[str, Any] = {}
    for words, name in _SSH.items():
        value = said.after(f"ip ssh {words}")
        if value is not None:
            fields[name] = int(value) if words in _NUMBERS and value.isdecimal() else value
    for side in ("server", "client"):
        known = {kind: said.after(f"ip ssh {side} algorithm {kind}") for kind in _KINDS}
        told = {kind: tuple(value.split(" ")) for kind, value in known.items() if value}
        fields[side] = told or None
    fields["logging_events"] = said.has("ip ssh logging events") or None
    fields["scp_server"] = said.has("ip scp server enable") or None
    add_what_fits(draft, Ssh, fields)
