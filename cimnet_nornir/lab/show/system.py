"""`show version`, `inventory`, `clock`, `privilege`, `hosts` and the like."""

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.links import mac_address

if TYPE_CHECKING:
    from cimnet_nornir.lab.command import Request
    from cimnet_nornir.lab.device import Device

_UNITS: Final = (("year", 365 * 24 * 60), ("week", 7 * 24 * 60), ("day", 24 * 60), ("hour", 60), ("minute", 1))


def serial_number(device: "Device") -> str:
    """A serial number that stays the same."""
    digest = hashlib.blake2b(device.declared.name.encode(), digest_size=4).hexdigest().upper()
    return f"FOC{digest}"


def uptime_text(elapsed: timedelta) -> str:
    """Time since boot as `show version` writes it: `1 week, 2 days, 3 hours, 4 minutes`."""
    minutes = int(elapsed.total_seconds()) // 60
    parts: list[str] = []
    for name, size in _UNITS:
        count, minutes = divmod(minutes, size)
        if count or (name == "minute" and not parts):
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ", ".join(parts)


def version(request: "Request") -> str:
    device = request.device
    profile = device.profile
    uptime = uptime_text(device.clock() - device.booted)
    reason = "reload" if device.saved or device.startup else "power-on"
    return "\n".join(
        [
            *(["Cisco IOS XE Software, Version 17.09.04a"] if "iosxe" in profile.features else []),
            f"{profile.software}, {profile.version}",
            "Technical Support: http://www.cisco.com/techsupport",
            "Copyright (c) 1986-2024 by Cisco Systems, Inc.",
            "Compiled Mon 05-Feb-24 12:00 by prod_rel_team",
            "",
            "ROM: Bootstrap program is simulated",
            "",
            f"{device.hostname} uptime is {uptime}",
            f"System returned to ROM by {reason}",
            f'System image file is "flash:/{profile.image}"',
            f"Last reload reason: {reason}",
            "",
            *_hardware(device),
            "Configuration register is 0x2102",
            "",
        ]
    )


def _hardware(device: "Device") -> list[str]:
    return [
        f"cisco {device.profile.model} (simulated) processor with 524288K/65536K bytes of memory.",
        f"Processor board ID {serial_number(device)}",
        f"{len(device.declared.interfaces)} Ethernet interfaces",
        "64K bytes of flash-simulated non-volatile configuration memory.",
        f"Base ethernet MAC Address       : {':'.join(_pairs(mac_address(device)))}",
        f"Model number                    : {device.profile.model}",
        f"System serial number            : {serial_number(device)}",
        "",
    ]


def _pairs(mac: str) -> list[str]:
    digits = mac.replace(".", "").upper()
    return [digits[start : start + 2] for start in range(0, 12, 2)]


def inventory(request: "Request") -> str:
    device = request.device
    model, serial = device.profile.model, serial_number(device)
    return f'NAME: "1", DESCR: "{model}"\nPID: {model:<18}, VID: V01  , SN: {serial}\n'


def clock(request: "Request") -> str:
    now = request.device.clock()
    return f"*{now:%H:%M:%S}.{now.microsecond // 1000:03d} UTC {now:%a %b} {now.day} {now.year}"


def privilege(request: "Request") -> str:
    return f"Current privilege level is {request.session.level}"


def users(request: "Request") -> str:
    head = "    Line       User       Host(s)              Idle       Location"
    return f"{head}\n*  1 vty 0     {request.session.user:<10} idle                 00:00:00"


def hosts(request: "Request") -> str:
    running = request.device.running
    domain = running.value("ip domain-name", name="name", default="not set")
    servers = running.value("ip name-server", name="servers", default="255.255.255.255")
    names = [
        f"{line.values['name']:<25} None  (perm, OK)  0   IP    {line.values['address']}"
        for line in running.all("ip host")
    ]
    head = "Host                      Port  Flags      Age Type   Address(es)"
    return "\n".join(
        [
            f"Default domain is {domain}",
            "Name/address lookup uses domain service",
            f"Name servers are {', '.join(servers.split())}",
            "",
            "Codes: UN - unknown, EX - expired, OK - OK, ?? - revalidate",
            "       temp - temporary, perm - permanent",
            "       NA - Not Applicable None - Not defined",
            "",
            head,
            *names,
        ]
    )


def logging(request: "Request") -> str:
    hosts = [
        f"        Logging to {line.values['host']}  (udp port 514, audit disabled,"
        for line in request.device.running.all("logging host")
    ]
    log = request.device.log
    return "\n".join(
        [
            "Syslog logging: enabled (0 messages dropped, 0 messages rate-limited,",
            "                0 flushes, 0 overruns, xml disabled, filtering disabled)",
            "",
            f"    Buffer logging:  level debugging, {log.count} messages logged, xml disabled,",
            "                     filtering disabled",
            f"    Trap logging: level informational, {log.count} message lines logged",
            *hosts,
            "",
            "Log Buffer (4096 bytes):",
            "",
            log.text,
        ]
    )


def ntp_associations(request: "Request") -> str:
    head = "  address         ref clock       st   when   poll reach  delay  offset   disp"
    rows = [
        f" ~{line.values['host']:<15} .INIT.          16      -     64     0  0.000   0.000 15937."
        for line in request.device.running.all("ntp server")
    ]
    return "\n".join([head, *rows, " * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured"])


def ssh(request: "Request") -> str:
    version_text = request.device.running.value("ip ssh version", name="version", default="")
    shown = "2.0" if version_text == "2" else "1.99"
    return (
        f"SSH Enabled - version {shown}\nAuthentication methods:publickey,keyboard-interactive,password\n"
        "Authentication timeout: 120 secs; Authentication retries: 3"
    )
