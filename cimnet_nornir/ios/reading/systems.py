"""Which other system a configuration is of, by lines that IOS never has."""

import re
from typing import Final

# The facts are those of the configuration guides of each system: how its configurations begin, and what only it says.
_SYSTEMS: Final = (
    ("IOS XR", r"!! IOS XR Configuration|RP/\d+/\S+:\S+#|interface MgmtEth0/RP\d"),
    (
        "NX-OS",
        r"!Command: show (?:running|startup)-config|version \d+\.\d+\(\d+\)|feature (?:interface-vlan|vpc|lacp)$",
    ),
    ("Arista EOS", r"! device: \S+ \(.*EOS-|! boot system flash:/?/?\S*EOS\S*\.swi|management api http-commands"),
    ("Cisco ASA", r"(?:ASA|PIX|FTD|NGFW) Version \d|: Serial Number: | security-level \d+$"),
    ("Junos", r"set (?:version|system host-name) \S+|## Last (?:commit|changed): |system \{$|version \S+;$"),
    ("Huawei VRP", r"sysname \S+|!Software Version V\d+R\d+"),
    ("Comware", r" ?version \d\.\d\.\d+, Release "),
    ("ArubaOS-CX", r"!Version ArubaOS-CX"),
    ("RouterOS", r"# .* by RouterOS |/interface \S+$"),
    ("FortiOS", r"#config-version=|config system global$"),
)
_COMPILED: Final = tuple((name, re.compile(rf"(?m)^(?:{pattern})")) for name, pattern in _SYSTEMS)
# In a banner of IOS anything may stand.
_IS_IOS: Final = re.compile(r"(?m)^version 1[0-9]\.\d+ *$")


def system_of(text: str) -> str:
    """The name of the system; empty where nothing speaks against IOS."""
    if _IS_IOS.search(text):
        return ""
    return next((name for name, pattern in _COMPILED if pattern.search(text)), "")
