"""Authentication, authorization and accounting, as a configuration tells them, with the servers that are asked."""

import re
from collections.abc import Iterator
from typing import Any, Final

from cimnet_nornir.domain.features.aaa import (
    Aaa,
    AccountingList,
    AuthenticationList,
    AuthorizationList,
    LdapServer,
    RadiusHost,
    RadiusServer,
    ServerDefaults,
    ServerGroup,
    TacacsHost,
    TacacsServer,
)
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.ios.aaa import is_on
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.fitting import add_what_fits
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config, Node

_PORTS: Final = r"(?: auth-port (?P<auth_port>\d+))?(?: acct-port (?P<acct_port>\d+))?"
_REST: Final = r"(?: timeout (?P<timeout>\d+))?(?: retransmit (?P<retransmit>\d+))?(?: key (?P<key>.+))?"
_AUTHENTICATION: Final = re.compile(r"aaa authentication (?P<service>\S+) (?P<name>\S+) (?P<methods>.+)")
_AUTHORIZATION: Final = re.compile(r"aaa authorization (?P<service>commands \d+|\S+) (?P<name>\S+) (?P<methods>.+)")
_ACCOUNTING: Final = re.compile(
    r"aaa accounting (?P<service>commands \d+|\S+) (?P<name>\S+) (?P<action>start-stop|stop-only|none)"
    r"(?P<broadcast> broadcast)?(?P<groups>(?: group \S+)*)"
)
_METHOD: Final = re.compile(r"(?:group|cache) \S+|\S+")
_GROUP: Final = re.compile(r"aaa group server (?P<protocol>\S+) (?P<name>\S+)")
_SERVER: Final = re.compile(r"(?P<protocol>tacacs|radius) server (?P<name>\S+)")
_TACACS_HOST: Final = re.compile(
    r"tacacs-server host (?P<address>\S+)(?P<single_connection> single-connection)?(?: port (?P<port>\d+))?"
    r"(?: timeout (?P<timeout>\d+))?(?: key (?P<key>.+))?"
)
_RADIUS_HOST: Final = re.compile(rf"radius-server host (?P<address>\S+){_PORTS}{_REST}")
_PRIVATE: Final = re.compile(
    rf"server-private (?P<address>\S+){_PORTS}(?: port (?P<port>\d+))?(?: timeout (?P<timeout>\d+))?"
    r"(?: key (?P<key>.+))?"
)
_MEMBER: Final = re.compile(rf"server (?:name (?P<name>\S+)|(?P<address>\S+){_PORTS})")
_ADDRESS: Final = re.compile(rf"address ipv[46] (?P<address>\S+){_PORTS}")

Fields = dict[str, Any]

_LDAP: Final = "ldap server "
_BIND: Final = re.compile(r"bind authenticate root-dn (?P<dn>\S+) password (?P<secret>.+)")


def read(config: Config, draft: Draft) -> None:
    """Take in what a configuration says of AAA."""
    said = Said.of(node for node in config.nodes if not node.children)
    _switches(said, draft)
    # Without AAA a device knows neither lists nor groups: what looks like them is kept word for word.
    if is_on(config):
        _lists(said, draft)
    for node in config.nodes:
        _section(node, draft, on=is_on(config))
    for line in said.lines:
        _host(line, draft)
    for protocol in ("tacacs", "radius"):
        _defaults(protocol, said, draft)


def _switches(said: Said, draft: Draft) -> None:
    fields: Fields = {
        "new_model": True if said.has("aaa new-model") else False if said.has("no aaa new-model") else None,
        "session_id": said.after("aaa session-id"),
        "local_attempts": said.after("aaa local authentication attempts max-fail"),
        "authorize_console": said.has("aaa authorization console") or None,
        "authorize_configuration": said.has("aaa authorization config-commands") or None,
        "accounting_update": said.after("aaa accounting update"),
    }
    if fields["new_model"] is not None:
        add_what_fits(draft, Aaa, fields)


def _lists(said: Said, draft: Draft) -> None:
    for line in said.lines:
        for pattern, kind in ((_AUTHENTICATION, AuthenticationList), (_AUTHORIZATION, AuthorizationList)):
            if match := pattern.fullmatch(line):
                draft.add(kind, **{**match.groupdict(), "methods": tuple(_METHOD.findall(match["methods"]))})
        if match := _ACCOUNTING.fullmatch(line):
            groups = tuple(match["groups"].split(" group ")[1:])
            draft.add(AccountingList, **{**match.groupdict(), "broadcast": bool(match["broadcast"]), "groups": groups})


def _section(node: Node, draft: Draft, *, on: bool) -> None:
    if (match := _GROUP.fullmatch(node.text)) and on:
        _group(match["protocol"], match["name"], node, draft)
    elif node.text.startswith(_LDAP):
        _ldap(node.text.removeprefix(_LDAP), Said.of(node.children), draft)
    elif match := _SERVER.fullmatch(node.text):
        _named(match["protocol"], match["name"], node, draft)


def _group(protocol: str, name: str, node: Node, draft: Draft) -> None:
    said = Said.of(node.children)
    fields: Fields = {
        "name": name,
        "protocol": protocol,
        "servers": tuple(_members(said, protocol, f"{protocol.rstrip('+')}-{name}", draft)),
        "vrf": said.after("ip vrf forwarding"),
        "source_interface": said.after(f"ip {protocol.rstrip('+')} source-interface"),
        "dead_time": said.after("deadtime"),
    }
    add_what_fits(draft, ServerGroup, fields)


def _members(said: Said, protocol: str, name: str, draft: Draft) -> Iterator[Fields]:
    """The servers of a group; ports that IOS chose itself are not told."""
    for line in said.lines:
        match = _PRIVATE.fullmatch(line) or _MEMBER.fullmatch(line)
        if match is None:
            continue
        found = {field: value for field, value in match.groupdict().items() if value is not None}
        for field, usual in (("auth_port", "1645"), ("acct_port", "1646")):
            if protocol == "radius" and found.get(field) == usual:
                del found[field]
        yield {**_with_key(found, f"{name}-{found.get('address', '')}", draft), **_private(line)}


def _private(line: str) -> Fields:
    return {"private": True} if line.startswith("server-private ") else {}


def _with_key(fields: Fields, name: str, draft: Draft) -> Fields:
    key = fields.pop("key", None)
    return {**fields, "shared_secret": draft.moved(key, name)} if key else fields


def _named(protocol: str, name: str, node: Node, draft: Draft) -> None:
    said = Said.of(node.children)
    address = next((match for line in said.lines if (match := _ADDRESS.fullmatch(line))), None)
    if address is None:
        return
    fields: Fields = {
        "name": name,
        **address.groupdict(),
        "timeout": said.after("timeout"),
        "key": said.after("key"),
    }
    kind: type[Setting] = RadiusServer
    if protocol == "tacacs":
        kind = TacacsServer
        fields |= {"port": said.after("port"), "single_connection": said.has("single-connection") or None}
    else:
        fields |= {"retransmit": said.after("retransmit"), "automate_tester": said.after("automate-tester")}
    add_what_fits(draft, kind, _with_key(_told(fields), f"{protocol}-{name}-key", draft))


def _ldap(name: str, said: Said, draft: Draft) -> None:
    bind = next((match for line in said.lines if (match := _BIND.fullmatch(line))), None)
    fields: Fields = {
        "name": name,
        "address": said.after("ipv4"),
        "port": said.after("transport port"),
        "base_dn": said.after("base-dn"),
        "retransmit_timeout": said.after("timeout retransmit"),
    }
    if bind is not None:
        fields |= {"bind_dn": bind["dn"], "bind_secret": draft.moved(bind["secret"], f"ldap-{name}-password")}
    add_what_fits(draft, LdapServer, _told(fields))


def _told(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if value is not None}


def _host(line: str, draft: Draft) -> None:
    if match := _TACACS_HOST.fullmatch(line):
        fields = {**_told(match.groupdict()), "single_connection": bool(match["single_connection"])}
        draft.add(TacacsHost, **_with_key(fields, f"tacacs-{match['address']}-key", draft))
    elif match := _RADIUS_HOST.fullmatch(line):
        draft.add(RadiusHost, **_with_key(_told(match.groupdict()), f"radius-{match['address']}-key", draft))


def _defaults(protocol: str, said: Said, draft: Draft) -> None:
    server = f"{protocol}-server"
    fields: Fields = {
        "key": said.after(f"{server} key"),
        "timeout": said.after(f"{server} timeout"),
        "retransmit": said.after(f"{server} retransmit"),
        "dead_time": said.after(f"{server} deadtime"),
        "dead_criteria": said.after(f"{server} dead-criteria"),
        "directed_request": said.has(f"{server} directed-request") or None,
        "source_interface": said.after(f"ip {protocol} source-interface"),
        "attributes": said.each(f"{server} attribute") or None,
        "vendor_attributes": _vendor(said, server) or None,
    }
    told = _told(fields)
    if told:
        add_what_fits(draft, ServerDefaults, _with_key({"protocol": protocol, **told}, f"{protocol}-key", draft))


def _vendor(said: Said, server: str) -> tuple[str, ...]:
    plain = ("",) if said.has(f"{server} vsa send") else ()
    return (*plain, *said.each(f"{server} vsa send"))
