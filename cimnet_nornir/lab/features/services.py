"""Management protocols of the global configuration: NTP, logging, SNMP, SSH, HTTP, CDP, LLDP."""

from typing import Final

from cimnet_nornir.lab.answers import Answer, Outcome, Question
from cimnet_nornir.lab.rules import Change, Rule, store

_TRAPS: Final = "snmp-server enable traps"


def _crypto_key(change: Change) -> Outcome:
    """Generate a key: asks for the modulus unless it is given; keys never show in the running configuration."""
    device = change.device
    if device.booting:
        return ""
    if not device.running.has("ip domain-name") and "label" not in change.values:
        return "% Please define a domain-name first."
    name = f"{device.hostname}.{device.running.value('ip domain-name', name='name')}"
    start = f"The name for the keys will be: {change.values.get('label', name)}"
    if "modulus" in change.values:
        return f"{start}\n{_generated(change.values['modulus'])}"
    text = (
        f"{start}\nChoose the size of the key modulus in the range of 360 to 4096 for your\n"
        "  General Purpose Keys. Choosing a key modulus greater than 512 may take\n  a few minutes.\n"
    )
    return Answer(
        text, Question("How many bits in the modulus [512]: ", lambda bits: Answer(_generated(bits or "512")))
    )


def _generated(bits: str) -> str:
    if not bits.isdecimal() or not 360 <= int(bits) <= 4096:
        return "% A decimal number between 360 and 4096."
    return f"% Generating {bits} bit RSA keys, keys will be non-exportable...\n[OK] (elapsed time was 1 seconds)\n"


def _zeroize(change: Change) -> Outcome:
    if change.device.booting:
        return ""
    text = "% All keys will be removed.\n% All router certs issued using these keys will also be removed."
    return Answer(text, Question("Do you really want to remove these keys? [yes/no]: ", lambda _: Answer()))


def _logging_host(change: Change) -> Outcome:
    """15.2 and later show `logging host ADDRESS` where older releases show `logging ADDRESS`."""
    words = change.match.words
    text = " ".join(words if words[1] == "host" else ("logging", "host", *words[1:]))
    return store(change, text)


SERVICES: Final = (
    Rule("cdp run", 140, shown="negative"),
    Rule("cdp timer <seconds:5-254>", 140),
    Rule("cdp holdtime <seconds:10-255>", 140),
    Rule("lldp run", 141),
    Rule("lldp timer <seconds:5-65534>", 141),
    Rule("lldp holdtime <seconds:0-65535>", 141),
    Rule("ip forward-protocol nd", 401),
    Rule("ip tftp source-interface <interface:interface>", 415),
    Rule(
        "crypto key generate rsa [general-keys] [usage-keys] [label <label:word>] [modulus <modulus:360-4096>]",
        effect=_crypto_key,
    ),
    Rule("crypto key zeroize rsa [<label:word>]", effect=_zeroize),
    Rule("logging buffered [<size:4096-2147483647>] [<level:name>]", 50, shown="both"),
    Rule("logging console [<level:name>]", 50, shown="both"),
    Rule("logging monitor [<level:name>]", 50, shown="both"),
    Rule("logging on", 50, shown="negative"),
    Rule(
        "logging [host] <host:ip> [transport {transport: udp|tcp} port <port:1-65535>]",
        430,
        ("host",),
        slot="logging host",
        effect=_logging_host,
    ),
    Rule("logging trap [<level:word>]", 429, shown="both", default="logging trap informational"),
    Rule("logging facility <facility:word>", 429),
    Rule("logging source-interface <interface:interface>", 429),
    Rule("logging origin-id <what:line>", 429),
    Rule(
        "snmp-server community <community:word> [view <view:word>] [{access: ro|rw}] [<list:word>]", 440, ("community",)
    ),
    Rule("snmp-server location <location:line>", 441),
    Rule("snmp-server contact <contact:line>", 442),
    Rule("snmp-server trap-source <interface:interface>", 441),
    Rule("snmp-server ifindex persist", 443),
    Rule("snmp-server group <rest:line>", 440, ("rest",)),
    Rule("snmp-server view <rest:line>", 440, ("rest",)),
    Rule("snmp-server user <rest:line>", 440, ("rest",)),
    Rule("snmp-server engineID local <engine:word>", 440),
    Rule(f"{_TRAPS} [<what:line>]", 444, ("what",), removable=0),
    Rule("snmp-server host <host:ip> <rest:line>", 445, ("host", "rest"), removable=1),
    Rule(
        "ntp server [vrf <vrf:word>] <host:host> [version <version:1-4>] [key <key:0-4294967295>] "
        "[source <interface:interface>] [prefer]",
        604,
        ("host",),
    ),
    Rule("ntp peer <host:host> [prefer]", 603, ("host",)),
    Rule("ntp source <interface:interface>", 602),
    Rule("ntp authenticate", 600),
    Rule("ntp authentication-key <key:1-4294967295> <rest:line>", 600, ("key",)),
    Rule("ntp trusted-key <key:line>", 601, ("key",)),
    Rule("ntp update-calendar", 601),
    Rule("ntp access-group {how: peer|query-only|serve|serve-only} <list:word>", 601, ("how",)),
    Rule("ntp master [<stratum:1-15>]", 601),
    Rule("alias exec <name:word> <command:line>", 446, ("name",)),
)
