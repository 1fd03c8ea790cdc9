"""Servers that AAA asks, by themselves and in groups: TACACS+, RADIUS, LDAP, in the old form and the new one."""

from collections.abc import Mapping
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.features.access import uses_new_model
from cimnet_nornir.lab.features.passwords import ANY_FORM, password, store_password
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, store, with_values

_PORTS: Final = "[auth-port <auth:0-65535>] [acct-port <acct:0-65535>]"
_RANK: Final = 446


def _group(change: Change) -> Outcome:
    if not uses_new_model(change):
        return Invalid(len("aaa "))
    return store(change)


def _ports(values: Mapping[str, str]) -> str:
    """RADIUS shows its ports always; 1645 and 1646 are those of IOS."""
    return f"auth-port {values.get('auth', '1645')} acct-port {values.get('acct', '1646')}"


def _group_server(change: Change) -> Outcome:
    values = {"auth": "1645", "acct": "1646", **change.values}
    radius = change.owner is not None and change.owner.values.get("type") == "radius"
    text = f"server {values['host']}" + (f" {_ports(values)}" if radius else "")
    return store(change, text, values)


def _radius_address(change: Change) -> Outcome:
    return store(change, f"address ipv4 {change.values['host']} {_ports(change.values)}")


def _options(change: Change, *names: str) -> str:
    return "".join(f" {name} {change.values[name]}" for name in names if name in change.values)


def _with_key(change: Change, text: str) -> Outcome:
    values = change.values
    return store_password(change, f"{text} key") if values.keys() & {"clear", "stored"} else store(change, text)


def _tacacs_host(change: Change) -> Outcome:
    single = " single-connection" if "single" in change.values else ""
    return _with_key(change, f"tacacs-server host {change.values['host']}{single}{_options(change, 'port', 'timeout')}")


def _radius_host(change: Change) -> Outcome:
    values = {"auth": "1645", "acct": "1646", **change.values}
    text = f"radius-server host {values['host']} {_ports(values)}{_options(change, 'timeout', 'retransmit')}"
    return _with_key(with_values(change, values), text)


def _private(change: Change) -> Outcome:
    radius = change.owner is not None and change.owner.values.get("type") == "radius"
    ports = f" {_ports(change.values)}" if radius else ""
    text = f"server-private {change.values['host']}{ports}{_options(change, 'port', 'timeout')}"
    return _with_key(change, text)


SERVERS: Final = (
    Rule(
        "aaa group server {type: tacacs+|radius|ldap} <name:word>",
        80,
        ("type", "name"),
        enters="aaa-group",
        effect=_group,
    ),
    Rule("tacacs server <name:word>", _RANK, ("name",), enters="tacacs-server"),
    Rule("radius server <name:word>", _RANK, ("name",), enters="radius-server"),
    Rule("ldap server <name:word>", _RANK, ("name",), enters="ldap-server"),
    Rule(
        f"tacacs-server host <host:host> [{{single: single-connection}}] [port <port:1-65535>] "
        f"[timeout <timeout:1-1000>] [key {ANY_FORM}]",
        _RANK,
        ("host",),
        effect=_tacacs_host,
    ),
    Rule(f"tacacs-server key {ANY_FORM}", _RANK, effect=password),
    Rule("tacacs-server timeout <seconds:1-1000>", _RANK, default="tacacs-server timeout 5"),
    Rule("tacacs-server directed-request", _RANK),
    Rule(
        f"radius-server host <host:host> {_PORTS} [timeout <timeout:1-1000>] [retransmit <retransmit:0-100>] "
        f"[key {ANY_FORM}]",
        _RANK,
        ("host", "auth", "acct"),
        effect=_radius_host,
        removable=1,
    ),
    Rule(f"radius-server key {ANY_FORM}", _RANK, effect=password),
    Rule("radius-server timeout <seconds:1-1000>", _RANK, default="radius-server timeout 5"),
    Rule("radius-server retransmit <count:0-100>", _RANK, default="radius-server retransmit 3"),
    Rule("radius-server deadtime <minutes:1-1440>", _RANK),
    Rule("radius-server attribute <rest:line>", _RANK, ("rest",)),
    Rule("radius-server vsa send [{what: accounting|authentication}]", _RANK, ("what",)),
    Rule("radius-server dead-criteria <rest:line>", _RANK),
    Rule("ip tacacs source-interface <interface:interface>", 431),
    Rule("ip radius source-interface <interface:interface>", 431),
)
AAA_GROUP: Final = (
    Rule("server name <name:word>", 10, ("name",)),
    Rule(f"server <host:ip> {_PORTS}", 10, ("host", "auth", "acct"), removable=1, effect=_group_server),
    Rule(
        f"server-private <host:ip> {_PORTS} [port <port:1-65535>] [timeout <timeout:1-1000>] [key {ANY_FORM}]",
        10,
        ("host",),
        effect=_private,
    ),
    Rule("ip vrf forwarding <vrf:word>", 20),
    Rule("ip tacacs source-interface <interface:interface>", 21),
    Rule("ip radius source-interface <interface:interface>", 21),
    Rule("deadtime <minutes:1-1440>", 22),
)
TACACS_SERVER: Final = (
    Rule("address {family: ipv4|ipv6} <host:host>", 10),
    Rule(f"key {ANY_FORM}", 20, slot="key", effect=password),
    Rule("port <port:1-65535>", 30, default="port 49"),
    Rule("timeout <seconds:1-1000>", 30),
    Rule("single-connection", 30),
)
RADIUS_SERVER: Final = (
    Rule(f"address ipv4 <host:host> {_PORTS}", 10, effect=_radius_address),
    Rule(f"key {ANY_FORM}", 30, slot="key", effect=password),
    Rule("timeout <seconds:1-1000>", 20),
    Rule("retransmit <count:0-100>", 20),
    Rule("automate-tester <rest:line>", 20),
)
LDAP_SERVER: Final = (
    Rule("ipv4 <host:ip>", 10),
    Rule("transport port <port:1-65535>", 20),
    Rule("bind authenticate root-dn <dn:word> password <secret:line>", 30),
    Rule("base-dn <dn:line>", 40),
    Rule("timeout retransmit <seconds:1-65535>", 20),
)
