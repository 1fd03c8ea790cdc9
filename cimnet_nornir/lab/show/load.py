"""`show processes cpu`, `show processes memory`, `show memory statistics` and `show platform resources`."""

from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.load import Busy, Pool, busy, memory

if TYPE_CHECKING:
    from cimnet_nornir.lab.command import Request

# Processes, their share of the load in percent, and what they hold of the memory in use, in thousandths.
_PROCESSES: Final = (
    ("Chunk Manager", 0, 4),
    ("Load Meter", 1, 1),
    ("Exec", 3, 12),
    ("SSH Process", 9, 31),
    ("ARP Input", 5, 9),
    ("IP Input", 14, 40),
    ("Spanning Tree", 11, 70),
    ("Hulc LED Process", 30, 25),
)
# IOS-XE keeps a little for itself.
_RESERVE: Final = Pool("reserve P", "7F4E5C70A0", 102_404, 92)
_CPU_HEAD: Final = " PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process "


def processes_cpu(request: "Request") -> str:
    """`show processes cpu`."""
    return _cpu(request, _PROCESSES)


def processes_cpu_sorted(request: "Request") -> str:
    """`show processes cpu sorted`: the busiest first."""
    return _cpu(request, sorted(_PROCESSES, key=lambda process: -process[1]))


def _cpu(request: "Request", processes: "tuple[tuple[str, int, int], ...] | list[tuple[str, int, int]]") -> str:
    now = busy(request.device)
    head = (
        f"CPU utilization for five seconds: {now.five_seconds}%/{now.interrupts}%;"
        f" one minute: {now.minute}%; five minutes: {now.five_minutes}%"
    )
    seconds = (request.device.clock() - request.device.booted).total_seconds()
    return "\n".join([head, _CPU_HEAD, *(_process(each, now, seconds) for each in processes)])


def _process(process: tuple[str, int, int], now: Busy, seconds: float) -> str:
    name, share, _ = process
    number = 1 + [each[0] for each in _PROCESSES].index(name)
    runtime, invoked = int(seconds * share / 10), int(seconds * (1 + share))
    shares = "  ".join(f"{load * share / 100:>5.2f}%" for load in (now.five_seconds, now.minute, now.five_minutes))
    each = 1000 * runtime // invoked if invoked else 0
    return f"{number:>4} {runtime:>11} {invoked:>11} {each:>10} {shares}   0 {name:<17}"


def processes_memory(request: "Request") -> str:
    """`show processes memory [sorted]`."""
    pools = memory(request.device)
    rows = [
        f"{pool.name:>9} Pool Total: {pool.total:>10} Used: {pool.used:>10} Free: {pool.free:>10}" for pool in pools
    ]
    rows += ["", " PID TTY  Allocated      Freed    Holding    Getbufs    Retbufs Process"]
    ranked = sorted(enumerate(_PROCESSES, start=1), key=lambda item: -item[1][2])
    for number, (name, _, share) in ranked:
        holding = pools[0].used * share // 1000
        rows.append(f"{number:>4}   0 {holding + 4096:>10} {4096:>10} {holding:>10} {0:>10} {0:>10} {name}")
    return "\n".join([*rows, f"{sum(pool.used for pool in pools):>30} Total"])


def memory_statistics(request: "Request") -> str:
    """`show memory statistics`."""
    modern = "iosxe" in request.device.profile.features
    processor, packets = memory(request.device)
    pools = (processor, _RESERVE, packets) if modern else (processor, packets)
    rows = ["Tracekey : 1#f8e3c2db7822c04e58ce2bd2fc7e476a", ""] if modern else []
    rows.append("                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)")
    for pool in pools:
        lowest = pool.free - pool.free // 50
        rows.append(
            f"{pool.name:>9}  {pool.head:>8} {pool.total:>11} {pool.used:>11} {pool.free:>11} {lowest:>11} {lowest:>11}"
        )
    return "\n".join(rows)


def platform_resources(request: "Request") -> str:
    """`show platform resources` of IOS-XE."""
    now, pool = busy(request.device), memory(request.device)[0]
    used, total = pool.used // 1_048_576, pool.total // 1_048_576
    state = "C" if now.minute >= 95 else "W" if now.minute >= 80 else "H"
    return "\n".join(
        [
            "**State Acronym: H - Healthy, W - Warning, C - Critical",
            f"{'Resource':<25}{'Usage':<22}{'Max':<16}{'Warning':<16}{'Critical':<16}State",
            "-" * 100,
            f"{'RP0 (ok, active)':<95}{state}",
            f" {'Control Processor':<24}{f'{now.minute:.2f}%':<22}{'100%':<16}{'80%':<16}{'95%':<16}{state}",
            f"  {'DRAM':<23}{f'{used}MB({100 * used // total}%)':<22}{f'{total}MB':<16}{'88%':<16}{'93%':<16}H",
        ]
    )
