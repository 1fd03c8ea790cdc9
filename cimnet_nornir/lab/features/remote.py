"""How one reaches the device itself: SSH, SCP and HTTP servers."""

from typing import Final

from cimnet_nornir.lab.rules import Rule

REMOTE: Final = (
    Rule("ip http server", 402, shown="both"),
    Rule("ip http secure-server", 402, shown="both"),
    Rule("ip http authentication <how:line>", 402),
    Rule("ip http access-class [{family: ipv4|ipv6}] <list:word>", 402),
    Rule("ip http port <port:0-65535>", 402, default="ip http port 80"),
    Rule("ip http secure-port <port:0-65535>", 402, default="ip http secure-port 443"),
    Rule("ip http max-connections <count:1-50>", 402),
    Rule(
        "ip http timeout-policy {idle} <idle:1-600> life <life:1-86400> requests <requests:1-86400>",
        402,
    ),
    Rule("ip http client source-interface <interface:interface>", 402),
    Rule("ip scp server enable", 416),
    Rule("ip ssh version {version: 1|2}", 415),
    Rule("ip ssh time-out <seconds:1-120>", 415, default="ip ssh time-out 120"),
    Rule("ip ssh authentication-retries <count:0-5>", 415, default="ip ssh authentication-retries 3"),
    Rule("ip ssh source-interface <interface:interface>", 415),
    Rule("ip ssh maxstartups <count:2-128>", 415),
    Rule("ip ssh logging events", 415),
    Rule("ip ssh dh min size <bits:1024-4096>", 415, default="ip ssh dh min size 1024"),
    Rule("ip ssh rsa keypair-name <name:word>", 415),
    Rule("ip ssh dscp <dscp:0-63>", 415),
    Rule(
        "ip ssh {side: server|client} algorithm {what: encryption|mac|kex|hostkey} <names:line>", 415, ("side", "what")
    ),
)
