"""Users, enable secrets, AAA: who may come in, and who is asked."""

import re
from typing import Final

from cimnet_nornir.lab.answers import Answer, Outcome, confirm
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.features.lines import LINE_SLOTS
from cimnet_nornir.lab.features.passwords import ANY_FORM, store_password
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, remove, store, with_values
from cimnet_nornir.lab.secret_text import hashed

NEW_MODEL: Final = "aaa new-model"
_SESSION_ID: Final = "aaa session-id"
_METHOD: Final = re.compile(
    r"(?:group \S+|local-case|local|enable|line|none|krb5|if-authenticated|cache \S+|guest)(?= |$)"
)
_ACCOUNT: Final = re.compile(r"group \S+|broadcast")
_TWO_SECRETS: Final = "ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other."


def _user(change: Change) -> Outcome:
    """Merge a `username` line into the user's one line, secrets hashed."""
    old = change.section.get("username", change.values["user"])
    was = dict(old.values) if old else {}
    if {was.get("kind"), change.values.get("kind")} == {"password", "secret"}:
        return _TWO_SECRETS
    if change.values.keys() & {"clear", "plain", "stored"}:
        for name in ("clear", "stored", "code", "before", "nopassword"):
            was.pop(name, None)
    values = {**was, **change.values}
    if "plain" in values:
        code, stored = hashed(values.pop("plain"), values.pop("algorithm", "scrypt"))
        values |= {"code": code, "stored": stored}
    text = f"username {values['user']}"
    text += f" privilege {values['level']}" if values.get("level", "1") != "1" else ""
    text += " nopassword" if "nopassword" in values else ""
    merged = with_values(change, values)
    if "kind" not in values:
        return store(merged, text, values)
    if values["kind"] == "password":
        return store_password(merged, f"{text} password", zero=True)
    return store(merged, f"{text} secret {values['code']} {values['stored']}", values)


def _no_user(change: Change) -> Outcome:
    if not change.section.has("username", change.values["user"]):
        return ""

    def gone() -> Answer:
        for slot in ("username", "username option"):
            for line in change.section.all(slot):
                if line.key[1] == change.values["user"]:
                    change.section.drop(*line.key)
        return Answer()

    question = "This operation will remove all username related configurations with same name.Do you want to continue? "
    return gone() if change.device.booting else confirm(question, gone)


def _enable(change: Change) -> Outcome:
    values = change.values
    head = f"enable {values['kind']}" + (f" level {values['level']}" if values.get("level", "15") != "15" else "")
    if values["kind"] == "password":
        return store_password(change, head)
    if "plain" in values:
        code, stored = hashed(values["plain"], values.get("algorithm", "scrypt"))
    else:
        code, stored = values["code"], values["stored"]
    return store(change, f"{head} {code} {stored}", {**values, "code": code, "stored": stored})


def _new_model(change: Change) -> Outcome:
    """Lines ask the default list from now on: what `login` said on them is gone."""
    if not uses_new_model(change):
        for line in change.section.lines.values():
            line.section.drop("login")
        text = f"{_SESSION_ID} common"
        change.section.put(Line((_SESSION_ID,), text, 82))
    return store(change)


def _no_new_model(change: Change) -> Outcome:
    """The other lines of AAA go with it, those of terminals too."""
    for key in [line.key for line in change.section.lines.values() if line.key[0] in _WITH_NEW_MODEL]:
        change.section.drop(*key)
    for line in change.section.lines.values():
        for key in [child.key for child in line.section.lines.values() if child.key[0] in LINE_SLOTS]:
            line.section.drop(*key)
    return remove(change)


def uses_new_model(change: Change) -> bool:
    """Whether `aaa new-model` is configured."""
    line = change.device.running.get(NEW_MODEL)
    return line is not None and line.text == NEW_MODEL


def _methods(change: Change) -> Outcome:
    """A list of methods; nothing of the kind is known without `aaa new-model`."""
    if not uses_new_model(change):
        return Invalid(change.match.columns["what"])
    words = change.values["methods"]
    rest = _METHOD.sub("", words).split()
    if rest:
        return Invalid(change.match.columns["methods"] + words.index(rest[0]))
    return store(change)


def _needs_new_model(change: Change) -> Outcome:
    return store(change) if uses_new_model(change) else Invalid(len("aaa "))


def _common(change: Change) -> Outcome:
    change.section.put(Line((_SESSION_ID,), f"{_SESSION_ID} common", 82))
    return ""


def _accounting(change: Change) -> Outcome:
    """Routers of classic IOS show a list of accounting as a section, others as one line."""
    if not uses_new_model(change):
        return Invalid(len("aaa "))
    values = change.values
    action, methods = values["action"], values.get("methods", "")
    if bool(methods) is (action == "none") or _ACCOUNT.sub("", methods).strip():
        return Invalid(change.match.columns.get("methods", change.match.columns["action"]))
    if {"ios", "router"} - change.device.profile.features:
        return store(change)
    head = change.match.text.removesuffix(f"{action} {methods}".rstrip()).rstrip()
    section = Section()
    for rank, text in enumerate((f"action-type {action}", *(found[0] for found in _ACCOUNT.finditer(methods)))):
        key = ("action-type",) if rank == 0 else tuple(text.split())
        section.put(Line(key, text, min(rank, 1)))
    key = (change.rule.identity, *(values.get(name, "") for name in change.rule.key))
    change.section.drop(*key)
    change.section.put(Line(key, head, change.rule.rank, values=dict(values), children=section))
    return ""


_STORED: Final = "{kind: secret} {code: 4|5|8|9} <stored:word>"
_PLAIN: Final = "{kind: secret} [0] <plain:line>"
_READABLE: Final = f"{{kind: password}} {ANY_FORM}"
_HASHED: Final = "algorithm-type {algorithm: scrypt|sha256|md5} {kind: secret} <plain:line>"
_USER: Final = "username <user:word> [privilege <level:0-15>]"
_ENABLE: Final = ("kind", "level")
_LIST: Final = ("what", "level", "name")
_ACCOUNTING: Final = "aaa accounting"
_ACCOUNTED: Final = ("{what: exec|network|connection|system|resource}", "{what: commands} <level:0-15>")
_ACTION: Final = "{action: start-stop|stop-only|none} [<methods:line>]"

USERS: Final = (
    *(
        Rule(pattern, 60, _ENABLE, slot="enable", effect=_enable, removable=1)
        for pattern in (
            f"enable {_STORED}",
            f"enable {_PLAIN}",
            f"enable {_READABLE}",
            f"enable {_HASHED}",
            "enable {kind: secret} level <level:1-15> {code: 5|8|9} <stored:word>",
            "enable {kind: secret} level <level:1-15> [0] <plain:line>",
        )
    ),
    *(
        Rule(pattern, 70, ("user",), effect=_user, undo=_no_user)
        for pattern in (
            f"{_USER} {_STORED}",
            f"{_USER} {_PLAIN}",
            f"{_USER} {_READABLE}",
            f"{_USER} {{nopassword: nopassword}}",
            _USER,
            f"{_USER} {_HASHED}",
        )
    ),
    Rule(
        "username <user:word> {what: autocommand|user-maxlinks|access-class} <rest:line>",
        71,
        ("user", "what"),
        slot="username option",
    ),
    Rule(NEW_MODEL, 80, shown="both", effect=_new_model, undo=_no_new_model),
    Rule(
        "aaa authentication {what: login|enable|ppp|dot1x} <name:word> <methods:line>",
        81,
        ("what", "name"),
        effect=_methods,
    ),
    Rule(
        "aaa authorization {what: exec|network|auth-proxy} <name:word> <methods:line>",
        81,
        _LIST,
        slot="aaa authorization",
        effect=_methods,
    ),
    Rule(
        "aaa authorization {what: commands} <level:0-15> <name:word> <methods:line>",
        81,
        _LIST,
        slot="aaa authorization",
        effect=_methods,
    ),
    Rule("aaa authorization {what: config-commands|console}", 81, _LIST, effect=_needs_new_model),
    *(
        Rule(f"aaa accounting {what} <name:word> {_ACTION}", 81, _LIST, slot=_ACCOUNTING, effect=_accounting)
        for what in _ACCOUNTED
    ),
    *(
        Rule(
            f"aaa accounting {what} <name:word>",
            81,
            _LIST,
            "ios router",
            "aaa-accounting",
            slot=_ACCOUNTING,
            effect=_needs_new_model,
        )
        for what in _ACCOUNTED
    ),
    Rule("aaa accounting update {what: newinfo|periodic} [<minutes:1-2147483647>]", 81, effect=_needs_new_model),
    Rule("aaa local authentication attempts max-fail <count:1-65535>", 81, effect=_needs_new_model),
    Rule(f"{_SESSION_ID} {{how: common|unique}}", 82, effect=_needs_new_model, undo=_common),
    Rule("security passwords min-length <length:0-16>", 59),
    Rule("security authentication failure rate <tries:2-1024> [log]", 59),
    Rule("login block-for <seconds:1-65535> attempts <tries:1-65535> within <window:1-65535>", 88),
    Rule("login delay <seconds:1-10>", 88),
    Rule("login quiet-mode access-class <list:word>", 88),
    Rule("login {on: on-failure|on-success} log", 88, ("on",)),
)
AAA_ACCOUNTING: Final = (
    Rule("action-type {start-stop|stop-only|none}", 0),
    Rule("broadcast", 1),
    Rule("group <name:word>", 1, ("name",)),
)
# What `no aaa new-model` takes along.
_WITH_NEW_MODEL: Final = frozenset(
    {"aaa authentication", "aaa authorization", "aaa accounting", "aaa accounting update", "aaa group server"}
    | {"aaa local authentication attempts max-fail", _SESSION_ID}
)
