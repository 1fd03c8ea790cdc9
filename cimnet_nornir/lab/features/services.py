"""Management protocols of the global configuration: SSH, HTTP, CDP, LLDP, and aliases."""

from typing import Final

from cimnet_nornir.lab.answers import Answer, Outcome, Question
from cimnet_nornir.lab.rules import Change, Rule


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


SERVICES: Final = (
    Rule("cdp run", 140, shown="negative"),
    Rule("cdp timer <seconds:5-254>", 140, default="cdp timer 60"),
    Rule("cdp holdtime <seconds:10-255>", 140, default="cdp holdtime 180"),
    Rule("cdp advertise-v2", 140, shown="negative"),
    Rule("cdp source-interface <interface:interface>", 140),
    Rule("lldp run", 141),
    Rule("lldp timer <seconds:5-65534>", 141, default="lldp timer 30"),
    Rule("lldp holdtime <seconds:0-65535>", 141, default="lldp holdtime 120"),
    Rule("lldp reinit <seconds:2-5>", 141, default="lldp reinit 2"),
    Rule("ip tftp source-interface <interface:interface>", 415),
    Rule(
        "crypto key generate rsa [general-keys] [usage-keys] [label <label:word>] [modulus <modulus:360-4096>]",
        effect=_crypto_key,
    ),
    Rule("crypto key zeroize rsa [<label:word>]", effect=_zeroize),
    Rule("alias {mode: exec|configure|interface} <name:word> <command:line>", 446, ("mode", "name")),
)
