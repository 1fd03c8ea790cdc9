"""Settings of the whole device in one line each, most of them on unless somebody switched them off."""

from typing import Final

from cimnet_nornir.lab.rules import Rule

GLOBAL_LINES: Final = (
    Rule("ip source-route", 90, shown="negative"),
    Rule("ip options drop", 90),
    Rule("ip cef", 91, shown="negative"),
    Rule("ipv6 cef", 91, shown="both"),
    Rule("multilink bundle-name {by: authenticated|endpoint|both}", 91),
    Rule("ip tcp synwait-time <seconds:5-300>", 91, default="ip tcp synwait-time 30"),
    Rule("ip tcp path-mtu-discovery", 91),
    Rule("ip tcp selective-ack", 91),
    Rule("ip tcp window-size <bytes:0-1073741823>", 91),
    Rule("ip tcp mss <bytes:68-10000>", 91),
    Rule("ip icmp rate-limit unreachable", 93, shown="negative"),
    Rule("ip bgp-community new-format", 93),
    Rule("ip bootp server", 93, shown="negative"),
    Rule("ip finger", 93),
    Rule("ip gratuitous-arps", 93, shown="negative"),
    Rule("ip subnet-zero", 93, shown="negative"),
    Rule("ip classless", 400, shown="negative"),
    Rule("ip forward-protocol nd", 401, shown="both"),
    Rule("control-plane", 447, enters="control-plane"),
)
CONTROL_PLANE: Final = (Rule("service-policy {way: input|output} <policy:word>", 10, ("way",)),)
