"""How checks on devices are run and look at the terminal and in JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cimnet_nornir.cli.options import Options
from cimnet_nornir.cli.output import bad, count, good, note, say
from cimnet_nornir.cli.plans import reason_of
from cimnet_nornir.cli.progress import progress

if TYPE_CHECKING:
    from cimnet_nornir.application.checks import CheckResult
    from cimnet_nornir.application.plan import Plan
    from cimnet_nornir.tasks.port import NornirDevices


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks of a host came to; `unreached` says why they were not run."""

    results: "tuple[CheckResult, ...]" = ()
    unreached: str = ""


def check_devices(options: Options, devices: "NornirDevices", plan: "Plan") -> dict[str, Checked]:
    """Run the checks after a change on the devices of a plan that could be read, by host name."""
    names = {device.device: device.name for device in plan.devices}
    for line in options.service.checks.idle(options.service.hosts()):
        note(line)
    with progress("checking", len(names), verbose=options.verbose > 0) as tell:
        found = devices.check(list(names), progress=tell)
    return {
        names[device]: Checked(results) if isinstance(results, tuple) else Checked(unreached=results.message)
        for device, results in found.items()
    }


def checks_failed(found: Mapping[str, Checked]) -> bool:
    """Whether a check did not hold."""
    return any(not result.ok for each in found.values() for result in each.results)


def checks_json(found: Mapping[str, Checked]) -> dict[str, Any]:
    """The results by host name, for programs; a text where the checks were not run."""
    return {
        name: each.unreached or [result.model_dump(mode="json") for result in each.results]
        for name, each in found.items()
    }


def show_checks(options: Options, found: Mapping[str, Checked]) -> None:
    """What does not hold, host by host, and a summary; with -v all that was looked at."""
    for name, each in found.items():
        for result in each.results:
            if not result.ok:
                say(f"{bad('failed')}       {name}: {result.check}: {result.said}")
            elif options.verbose:
                say(f"{good('passed')}       {name}: {result.check}")
        if each.unreached:
            say(f"{bad('not checked')}  {name}: {reason_of(name, each.unreached)}")
    results = [result for each in found.values() for result in each.results]
    failed = sum(not result.ok for result in results)
    said = bad(f"{failed} failed") if failed else "all hold"
    say(f"{count(len(results), 'check')}, {said}" if results else "no checks")
