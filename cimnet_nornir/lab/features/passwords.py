"""Passwords that a device must be able to read: in clear text, or as type 7 where it encrypts them."""

from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.rules import Change, store
from cimnet_nornir.lab.secret_text import type7, type7_plain

if TYPE_CHECKING:
    from cimnet_nornir.lab.config import Section
    from cimnet_nornir.lab.device import Device

ENCRYPTION: Final = "service password-encryption"
# What may follow `password`, `key` and the like.
ANY_FORM: Final = "{<clear:line>|0 <clear:line>|{code: 6|7} <stored:word>}"


def encrypts(device: "Device") -> bool:
    """Whether the device shows passwords as type 7."""
    line = device.running.get(ENCRYPTION)
    return line is not None and line.text == ENCRYPTION


def store_password(change: Change, before: str, *, zero: bool = False) -> Outcome:
    """Put a line in that ends with a password; `before` are its words up to there, `zero` says that IOS shows the 0."""
    values = {**change.values, "before": before}
    if values.get("code") == "7" and not _is_type_7(values["stored"]):
        return f"Invalid encrypted password: {values['stored']}"
    if "stored" in values:
        return store(change, f"{before} {values['code']} {values['stored']}", values)
    if encrypts(change.device):
        values |= {"code": "7", "stored": type7(values.pop("clear"))}
        return store(change, f"{before} 7 {values['stored']}", values)
    return store(change, f"{before} {'0 ' if zero else ''}{values['clear']}", values)


def _is_type_7(stored: str) -> bool:
    return stored[:2].isdecimal() and len(stored) % 2 == 0 and bool(type7_plain(stored))


def encrypt_all(change: Change) -> Outcome:
    """`service password-encryption`: every password in clear text becomes type 7, and never goes back."""
    said = store(change)
    _encrypt(change.device.running)
    return said


def _encrypt(section: "Section") -> None:
    for line in section.lines.values():
        if "before" in line.values and "clear" in line.values:
            values = {**line.values, "code": "7", "stored": type7(line.values["clear"])}
            del values["clear"]
            line.text, line.values = f"{values['before']} 7 {values['stored']}", values
        _encrypt(line.section)


def password(change: Change) -> Outcome:
    """A line that is nothing but a password behind the words of its rule."""
    return store_password(change, change.rule.head)
