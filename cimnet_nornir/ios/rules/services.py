"""Services of the device: NTP, logging, SNMP and the like (IOS Network Management and Configuration Fundamentals)."""

from cimnet_nornir.ios.rules.settings import entry, one

TOP_RULES = (
    one("ip option", r"(?:no )?ip (?P<key>source-route|cef)(?: .+)?"),
    entry("ntp server", r"ntp server (?P<key>(?:vrf \S+ )?\S+)(?: .+)?", "no ntp server {key}"),
    one("ntp", r"ntp (?P<key>source|authenticate|trusted-key \S+|authentication-key \S+|access-group \S+)(?: .+)?"),
    entry("logging host", r"logging host (?P<key>\S+)(?: .+)?"),
    one(
        "logging",
        r"(?:no )?logging (?P<key>buffered|trap|console|monitor|facility|source-interface|origin-id)(?: .+)?",
    ),
    entry("snmp community", r"snmp-server community (?P<key>\S+)(?: .+)?", "no snmp-server community {key}"),
    entry("snmp host", r"snmp-server host (?P<key>.+)"),
    one("snmp", r"snmp-server (?P<key>location|contact|trap-source|ifindex persist)(?: .+)?", "no snmp-server {key}"),
    entry("snmp traps", r"snmp-server enable traps(?P<key> .+)?"),
)
