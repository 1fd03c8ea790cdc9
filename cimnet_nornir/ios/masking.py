"""Secrets in the text of a configuration, hidden before it is stored or shown.

Mask after comparing, never before: two different secrets look the same once they are masked.
"""

import re
from collections.abc import Iterator
from functools import cache

MASK = "<masked>"

_TYPE = r"(?:\d{1,2} )?"  # how the secret is written: 0, 5, 6, 7, 8, 9
# What stands before the secret; up to the end of the line, for a secret that may hold spaces.
_TO_THE_END = (
    rf"username \S+ (?:.* )?(?:password|secret) {_TYPE}",
    rf"enable (?:algorithm-type \S+ )?(?:password|secret) (?:level \d+ )?{_TYPE}",
    rf"(?:ppp (?:chap|pap) (?:\S+ )*)?password (?!encryption ){_TYPE}",
    rf"secret {_TYPE}",
    rf"(?:tacacs-server|radius-server) (?:host \S+ (?:.* )?)?key {_TYPE}",
    rf"server-private \S+ (?:.* )?key {_TYPE}",
    r"key (?:config-key \S+ )",
    # The number of a key in a key chain is none; one of more than three digits may well be a secret.
    rf"key (?!chain |config-key |\d{{1,3}}$){_TYPE}",
    rf"(?:client \S+ (?:vrf \S+ )?)?server-key {_TYPE}",
    rf"key-string {_TYPE}",
    rf"pac key {_TYPE}",
    rf"neighbor \S+ password {_TYPE}",
    rf"ip ospf authentication-key {_TYPE}",
    rf"ip ospf message-digest-key \d+ md5 {_TYPE}",
    rf"area \S+ virtual-link .*(?:authentication-key|message-digest-key \d+ md5) {_TYPE}",
    rf"(?:standby|vrrp|glbp) (?:\d+ )?authentication (?:md5 (?!key-chain)(?:key-string )?|text )?(?!md5 ){_TYPE}",
    rf"(?:(?:ip (?:ftp|http client)|isis) password|area-password|domain-password|authentication-key) {_TYPE}",
    rf"ip nhrp authentication {_TYPE}",
    rf"pre-shared-key (?:(?:local|remote|address \S+(?: \S+)?|hostname \S+) )*(?:key )?{_TYPE}",
    rf"wpa-psk \S+ {_TYPE}",
    rf"ldap .* password {_TYPE}|bind authenticate .* password {_TYPE}",
    rf"authentication (?:local|remote) pre-share key {_TYPE}",
    rf"area \S+ sham-link .*(?:authentication-key|message-digest-key \d+ md5) {_TYPE}",
    rf"authentication mode hmac-sha-256 {_TYPE}",
    rf"mpls ldp (?:.* )?password (?!required|rollover|fallback$)(?:option \d+ for \S+ )?{_TYPE}",
    rf"ip (?:wccp (?:.* )?password|msdp password peer \S+) {_TYPE}",
    rf"(?:vtp|cns|l2tp tunnel|set aggressive-mode|dialer) password {_TYPE}",
    rf"cts sxp default password {_TYPE}",
    rf"mab request format attribute 2 {_TYPE}",
    rf"ip rsvp authentication key {_TYPE}",
    r"event manager environment \S*(?i:pw|pass|secret|key)\S* ",
)
# … or one word of it, where something follows.
_ONE_WORD = (
    rf"snmp-server community {_TYPE}",
    # A user of version 3 is named, and has its secrets elsewhere.
    r"snmp-server host \S+ (?!(?:\S+ )*version 3 )(?:(?:vrf \S+|traps|informs|version (?:1|2c)) )*",
    r"snmp(?:-server| mib) community-map ",
    r"snmp-server user \S+ \S+ (?:remote \S+ )?v3 (?:encrypted )?auth \S+ ",
    rf"ntp authentication-key \d+ \S+ {_TYPE}",
    rf"crypto isakmp key {_TYPE}",
    r"set session-key \S+bound (?:ah|esp) \d+ (?:cipher )?",
    rf"digest secret {_TYPE}",
    rf"encryption (?:vlan \d+ )?key \d+ size \S+ {_TYPE}",
    rf"web (?:admin|customize) .*(?:password|secret) {_TYPE}",
    rf"ipv[46] etr map-server \S+ key {_TYPE}",
    r"sap pmk ",
    rf"(?:credentials|authentication|username) (?:\S+ )*?password {_TYPE}",
)
# Not what people say, in which a number may well follow the word.
_A_COMMAND = r"(?m)^(?P<head>(?! *(?:\d+ )?(?:description|remark) )"
_HEX = r"(?P<secret>[0-9A-Fa-f]{16,})"
# What stands further on in a line, or in a line of any kind.
_ANYWHERE = (
    r"(?m)^(?P<head>.*snmp-server user .* priv (?:\S+ )?(?:128 |192 |256 )?)(?P<secret>\S+)",
    r"(?m)^(?P<head>.* session-key .* authenticator )(?P<secret>\S+)",
    rf"(?m)^(?P<head>.* ipsec spi \d+ .* ){_HEX}(?=\s*$)",
    rf"(?m)^(?P<head>.* ipsec spi \d+ .*? ){_HEX}(?= )",
    r'(?m)^(?P<head>.*action \S+ cli command ".*(?:password|secret) (?:\d )?)(?P<secret>[^"\s]+)',
    # The number of a type makes a secret of the next word, whatever the command: the first of a line, and the last.
    rf"{_A_COMMAND}.*?\b(?:password|secret|set-key ascii) [05-9] )(?P<secret>\S+)",
    rf"{_A_COMMAND}.*\b(?:password|secret|set-key ascii) [05-9] )(?P<secret>\S+)",
    r"(?m)^(?P<head> *mail-server [^\s:@]+:)(?P<secret>[^\s@]+)(?=@)",
    r"(?P<head>[a-z]://[^\s:/@]+:)(?P<secret>[^\s@/]+)(?=@)",
)
# It only names where a secret is found.
_REFERENCE = "<secret:"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    # A line of a difference begins with its mark, one of a section with spaces.
    begin = r"(?mi)^(?P<head>[-+]? *(?:no |do )?(?:"
    return (
        re.compile(rf"{begin}{'|'.join(_TO_THE_END)}))(?P<secret>\S.*)$"),
        re.compile(rf"{begin}{'|'.join(_ONE_WORD)}))(?P<secret>\S+)"),
        *map(re.compile, _ANYWHERE),
    )


def mask_secrets(text: str) -> str:
    """The text with every secret it holds replaced by `<masked>`; lines, words and indentation stay.

    It takes whole configurations, single lines, commands and differences. Masking twice changes nothing;
    a mark that only names where a secret is found stays.
    """
    for pattern in _patterns():
        text = pattern.sub(_masked, text)
    return text


def _masked(match: re.Match[str]) -> str:
    return match[0] if match["secret"].startswith(_REFERENCE) else f"{match['head']}{MASK}"


def _found(text: str) -> Iterator[str]:
    for pattern in _patterns():
        for match in pattern.finditer(text):
            if not match["secret"].startswith(_REFERENCE):
                yield match["secret"].strip()


def secrets_in(text: str) -> frozenset[str]:
    """The secrets that `mask_secrets` would hide: to look for them elsewhere."""
    return frozenset(_found(text))


def parts_of(line: str) -> tuple[str, ...]:
    """A line cut up where secrets stand in it: what is before the first, the first, what is between, and so on."""
    between = mask_secrets(line).split(MASK)
    found = re.fullmatch("(.+?)".join(f"({re.escape(text)})" for text in between), line, re.DOTALL)
    return found.groups() if found else (line,)
