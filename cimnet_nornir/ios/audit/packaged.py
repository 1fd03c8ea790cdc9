"""The packaged rules of audit: those of the hardening files, and those that need more than patterns, as functions."""

import re
from collections.abc import Iterator
from pathlib import Path

from cimnet_nornir.ios.audit.routing import ROUTING_RULES
from cimnet_nornir.ios.audit.rules import AnyAuditRule, Problem, audit_rule
from cimnet_nornir.ios.audit.view import AuditedConfiguration, Section

FOLDER = Path(__file__).parent / "hardening"
"""The files with the packaged rules that are declared."""

# Where a configuration names an access list: the section (none for the top), and the line.
_USES = (
    ("interface .+", r"ip access-group (?P<name>\S+) (?:in|out)"),
    ("line .+", r"access-class (?P<name>\S+) (?:in|out).*"),
    ("", r"snmp-server community \S+ (?:view \S+ )?(?i:ro|rw) (?P<name>\S+)"),
    ("", r"ntp access-group (?:peer|serve|serve-only|query-only) (?P<name>\S+).*"),
    ("", r"ip http access-class (?:ipv4 )?(?P<name>\S+)"),
    ("", r"ip nat inside source list (?P<name>\S+) .+"),
)
_DEFINED = r"ip access-list (?:standard|extended) (?P<name>\S+)|access-list (?P<number>\S+) .+"
_NATIVE = r"switchport trunk native vlan (?P<vlan>\d+)"


def _named(section: Section, pattern: str) -> Iterator[tuple[str, str]]:
    """The lines that a pattern matches, with the name in each."""
    for line in section.lines(pattern):
        match = re.fullmatch(pattern, line)
        yield line, next(filter(None, match.groups()), "") if match else ""


@audit_rule(
    "undefined-access-list",
    "error",
    "An access list is used that is not there.",
    reason="IOS lets everything through where the list is missing",
    source="IOS hardening guide: Limit Access to the Network with Infrastructure ACLs",
)
def undefined_access_list(configuration: AuditedConfiguration) -> Iterator[Problem]:
    """Wherever a list is named: on interfaces and lines, for SNMP, NTP, HTTP and NAT."""
    defined = {name for _, name in _named(configuration, _DEFINED)}
    for header, pattern in _USES:
        for section in configuration.sections(header) if header else (configuration,):
            for line, name in _named(section, pattern):
                if name not in defined:
                    yield Problem(section, line, f"there is no access list {name}")


@audit_rule(
    "native-vlan-in-use",
    "warning",
    "The native VLAN of a trunk is a VLAN of end devices.",
    reason="a frame with two tags gets from there into another VLAN",
    source="Catalyst Layer 2 configuration guide: Native VLAN",
    hosts=("group:kind__switch",),
)
def native_vlan_in_use(configuration: AuditedConfiguration) -> Iterator[Problem]:
    """Trunks by the VLANs of the ports that are open to end devices."""
    ports = configuration.sections("interface .+")
    opened = [port for port in ports if port.has("switchport mode access") and not port.has("shutdown")]
    used = {vlan for port in opened for _, vlan in _named(port, r"switchport access vlan (\d+)")}
    for port in ports:
        for line, vlan in _named(port, _NATIVE) if port.has("switchport mode trunk") else ():
            if vlan in used:
                yield Problem(port, line, f"ports are in VLAN {vlan}", ("switchport trunk native vlan VLAN",))


FUNCTIONS: tuple[AnyAuditRule, ...] = (undefined_access_list, native_vlan_in_use, *ROUTING_RULES)
"""The packaged rules that are functions."""
