"""The device itself: name, banners, services, clock, domain, HTTP and SSH servers (IOS Configuration Fundamentals)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import Rule
from cimnet_nornir.ios.rules.settings import off, one, ordered

TOP_RULES = (
    Rule(
        "hostname", r"hostname \S+", single=True, undo="no hostname", order=phases.HOSTNAME, undo_order=phases.HOSTNAME
    ),
    one("banner", r"banner (?P<key>\S+) .+", "no banner {key}", order=phases.BANNER),
    off("service off", r"service (?P<key>pad|dhcp|password-recovery)", order=phases.GLOBAL),
    one("service", r"(?:no )?service (?P<key>timestamps) (?P<key2>\S+)(?: .+)?", order=phases.GLOBAL),
    one("service", r"(?:no )?service (?P<key>password-encryption)", order=phases.GLOBAL),
    one("service", r"service (?P<key>\S+)(?: .+)?", order=phases.GLOBAL),
    one("domain name", r"ip domain name (?P<key>vrf \S+ )?\S+", order=phases.GLOBAL),
    ordered("domain list", r"ip domain list (?P<key>(?:vrf \S+ )?\S+)"),
    ordered("name-server", r"ip name-server (?P<key>(?:vrf \S+ )?\S+)"),
    off("domain lookup", r"ip domain lookup"),
    one("domain lookup source", r"ip domain lookup (?P<key>source-interface|vrf)(?: .+)?"),
    one("http server", r"(?:no )?ip http (?P<key>server|secure-server)"),
    one(
        "http setting",
        r"ip http (?P<key>authentication|access-class(?: ipv[46])?|port|secure-port|max-connections|timeout-policy"
        r"|client source-interface|secure-ciphersuite|secure-trustpoint|path) .+",
        "no ip http {key}",
    ),
    one("ip ssh", r"ip ssh (?P<key>(?:server|client) algorithm \S+) .+", "no ip ssh {key}"),
    one("ip ssh", r"ip ssh (?P<key>dh min size|logging events|rsa keypair-name)(?: .+)?", "no ip ssh {key}"),
    one("ip ssh", r"ip ssh (?P<key>\S+)(?: .+)?", "no ip ssh {key}"),
    one("ip scp", r"ip scp server enable"),
    one("clock", r"clock (?P<key>timezone|summer-time) .+", "no clock {key}", order=phases.GLOBAL),
    one("clock calendar", r"clock calendar-valid", order=phases.GLOBAL),
    ordered("boot system", r"boot system (?P<key>.+)", order=phases.GLOBAL),
)
