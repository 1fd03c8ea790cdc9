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
    rf"(?:client \S+ )?server-key {_TYPE}",
    rf"key-string {_TYPE}",
    rf"pac key {_TYPE}",
    rf"neighbor \S+ password {_TYPE}",
    rf"ip ospf authentication-key {_TYPE}",
    rf"ip ospf message-digest-key \d+ md5 {_TYPE}",
    rf"area \S+ virtual-link .*(?:authentication-key|message-digest-key \d+ md5) {_TYPE}",
    rf"(?:standby|vrrp|glbp) (?:\d+ )?authentication (?:md5 (?!key-chain)(?:key-string )?|text )?(?!md5 ){_TYPE}",
    rf"(?:ip (?:ftp|http client)|isis|area-password|domain-password)(?: password)? {_TYPE}",
    rf"ip nhrp authentication {_TYPE}",
    rf"pre-shared-key (?:(?:local|remote|address \S+(?: \S+)?|hostname \S+) )*(?:key )?{_TYPE}",
    rf"wpa-psk \S+ {_TYPE}",
    rf"ldap .* password {_TYPE}|bind authenticate .* password {_TYPE}",
)
# … or one word of it, where something follows.
_ONE_WORD = (
    rf"snmp-server community {_TYPE}",
    r"snmp-server host \S+ (?:vrf \S+ )?(?:traps |informs )?(?:version (?:1|2c|3 \S+) )?",
    r"snmp-server user \S+ \S+ (?:remote \S+ )?v3 (?:encrypted )?auth \S+ ",
    rf"ntp authentication-key \d+ \S+ {_TYPE}",
    rf"crypto isakmp key {_TYPE}",
)
# A second secret further on in the line.
_AFTER = re.compile(r"(?m)^(?P<head>.*snmp-server user .* priv (?:\S+ )?(?:128 |192 |256 )?)(?P<secret>\S+)")
# It only names where a secret is found.
_REFERENCE = "<secret:"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    # A line of a difference begins with its mark, one of a section with spaces.
    begin = r"(?mi)^(?P<head>[-+]? *(?:no |do )?(?:"
    return (
        re.compile(rf"{begin}{'|'.join(_TO_THE_END)}))(?P<secret>\S.*)$"),
        re.compile(rf"{begin}{'|'.join(_ONE_WORD)}))(?P<secret>\S+)"),
        _AFTER,
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


def secret_spans(line: str) -> tuple[str, ...]:
    """The secrets of one line as they stand in it, the longest first."""
    return tuple(sorted(set(_found(line)), key=lambda secret: (-len(secret), secret)))
