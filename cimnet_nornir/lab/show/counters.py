"""The counters in `show interfaces`, and the commands that show nothing else."""

from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.links import bridged_ports, is_up
from cimnet_nornir.lab.names import short_name, type_of
from cimnet_nornir.lab.show.order import interface_lines
from cimnet_nornir.lab.traffic import Tally

if TYPE_CHECKING:
    from datetime import datetime

    from cimnet_nornir.lab.command import Request
    from cimnet_nornir.lab.device import Device


def counter_rows(device: "Device", name: str) -> list[str]:
    """What `show interfaces` tells below the media of an interface."""
    counted, errors = device.traffic.of(name), device.input_errors.get(name, 0)
    received, sent, in_rate, out_rate = counted.received, counted.sent, counted.receiving, counted.sending
    last = "00:00:00" if is_up(device, name) and sent.packets else "never"
    return [
        f"  Last input {last}, output {last}, output hang never",
        f'  Last clearing of "show interface" counters {_ago(device, counted.cleared)}',
        "  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0",
        "  Queueing strategy: fifo",
        "  Output queue: 0/40 (size/max)",
        f"  5 minute input rate {in_rate.bits} bits/sec, {in_rate.packets} packets/sec",
        f"  5 minute output rate {out_rate.bits} bits/sec, {out_rate.packets} packets/sec",
        f"     {received.packets} packets input, {received.octets} bytes, 0 no buffer",
        f"     Received {_floods(received)} broadcasts ({received.multicasts} multicasts)",
        "     0 runts, 0 giants, 0 throttles ",
        f"     {errors} input errors, {errors} CRC, 0 frame, 0 overrun, 0 ignored",
        f"     0 watchdog, {received.multicasts} multicast, 0 pause input",
        f"     {sent.packets} packets output, {sent.octets} bytes, 0 underruns",
        "     0 output errors, 0 collisions, 1 interface resets",
    ]


def _floods(tally: Tally) -> int:
    """IOS counts multicasts among the broadcasts here."""
    return tally.broadcasts + tally.multicasts


def _ago(device: "Device", at: "datetime | None") -> str:
    if at is None:
        return "never"
    hours, rest = divmod(int((device.clock() - at).total_seconds()), 3600)
    return f"{hours:02}:{rest // 60:02}:{rest % 60:02}"


_SUMMARY: Final = (
    "",
    " *: interface is up",
    " IHQ: pkts in input hold queue     IQD: pkts dropped from input queue",
    " OHQ: pkts in output hold queue    OQD: pkts dropped from output queue",
    " RXBS: rx rate (bits/sec)          RXPS: rx rate (pkts/sec)",
    " TXBS: tx rate (bits/sec)          TXPS: tx rate (pkts/sec)",
    " TRTL: throttle count",
    "",
    f"  {'Interface':<22}"
    + "".join(f"{name:>10}" for name in ("IHQ", "IQD", "OHQ", "OQD", "RXBS", "RXPS", "TXBS", "TXPS", "TRTL")),
    "-" * 114,
)
# Names that this one table shortens.
_SHORTENED: Final = ("TenGigabitEthernet", "FortyGigabitEthernet")


def summary(request: "Request") -> str:
    """`show interfaces summary`."""
    device = request.device
    rows = []
    for line in interface_lines(device):
        name = line.key[1]
        counted = device.traffic.of(name)
        rates = (counted.receiving.bits, counted.receiving.packets, counted.sending.bits, counted.sending.packets)
        shown = short_name(name) if type_of(name).name in _SHORTENED else name
        cells = "".join(f"{cell:>10}" for cell in (0, 0, 0, 0, *rates, 0))
        rows.append(f"{'*' if is_up(device, name) else ' '} {shown:<22}{cells}")
    return "\n".join([*_SUMMARY, *rows])


def counters(request: "Request") -> str:
    """`show interfaces counters`: octets and packets of the ports of a switch."""
    device = request.device
    received = [(name, device.traffic.of(name).received) for name in bridged_ports(device)]
    sent = [(name, device.traffic.of(name).sent) for name in bridged_ports(device)]
    return "\n".join([*_table("In", received), *_table("Out", sent)])


def _table(way: str, tallies: list[tuple[str, Tally]]) -> list[str]:
    kinds = ("Octets", "UcastPkts", "McastPkts", "BcastPkts")
    rows = ["", f"{'Port':<12}" + "".join(f"{f'{way}{kind}':>16}" for kind in kinds) + " "]
    for name, tally in tallies:
        alone = tally.packets - tally.multicasts - tally.broadcasts
        cells = (tally.octets, max(alone, 0), tally.multicasts, tally.broadcasts)
        rows.append(f"{short_name(name):<12}" + "".join(f"{cell:>16}" for cell in cells) + " ")
    return rows


def errors(request: "Request") -> str:
    """`show interfaces counters errors`."""
    device = request.device
    ports = bridged_ports(device)
    first = ("Align-Err", "FCS-Err", "Xmit-Err", "Rcv-Err", "UnderSize", "OutDiscards")
    second = ("Single-Col", "Multi-Col", "Late-Col", "Excess-Col", "Carri-Sen", "Runts", "Giants")
    rows = ["", f"{'Port':<10}" + "".join(f"{name:>12}" for name in first) + " "]
    for name in ports:
        count = device.input_errors.get(name, 0)
        rows.append(f"{short_name(name):<10}" + "".join(f"{cell:>12}" for cell in (0, count, 0, count, 0, 0)) + " ")
    rows += ["", f"{'Port':<10}" + "".join(f"{name:>11}" for name in second) + " "]
    rows += [f"{short_name(name):<10}" + "".join(f"{0:>11}" for _ in second) + " " for name in ports]
    return "\n".join(rows)
