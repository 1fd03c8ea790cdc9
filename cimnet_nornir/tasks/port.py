"""The devices of an environment, reached by Nornir: the DevicePort of the use cases."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from nornir.core import Nornir
from nornir.core.inventory import Host
from nornir.core.plugins.runners import RunnerPlugin
from nornir.core.processor import Processor
from nornir.core.task import AggregatedResult, MultiResult, Result, Task
from nornir.plugins.runners import ThreadedRunner

from cimnet_nornir.application.checks import CheckResult, Moment
from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.drift import ConfiguredBy
from cimnet_nornir.application.observations import Observed
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.ports import Progress, ReadResult
from cimnet_nornir.application.recovery import Doubt
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.settling import Ask, Policy, Settled
from cimnet_nornir.errors import CimnetError, DeviceError, SettingsError
from cimnet_nornir.inventory.builder import CimnetDefaults
from cimnet_nornir.ios.capabilities import Capabilities
from cimnet_nornir.ios.recording import Recording
from cimnet_nornir.processors.recorder import CimnetRecorder
from cimnet_nornir.tasks.checks import cimnet_checks
from cimnet_nornir.tasks.collect import cimnet_collect
from cimnet_nornir.tasks.configuration import running_of
from cimnet_nornir.tasks.context import Context, context_of
from cimnet_nornir.tasks.doctor import cimnet_doctor
from cimnet_nornir.tasks.host_keys import read_host_key
from cimnet_nornir.tasks.log import cimnet_log
from cimnet_nornir.tasks.record import cimnet_record
from cimnet_nornir.tasks.rollout import Rollout
from cimnet_nornir.tasks.settle import settle_pushes


class NornirDevices:
    """Reads and pushes by a Nornir whose inventory is CimnetInventory's."""

    def __init__(self, nornir: Nornir) -> None:
        self.nornir = nornir

    def read(
        self,
        devices: Sequence[str],
        *,
        method: str = "netmiko",
        progress: Progress | None = None,
        each: Callable[[str, str], None] | None = None,
    ) -> Mapping[str, ReadResult]:
        """The running configuration of each device by id, or the DeviceError that says why there is none.

        By `method` "napalm", NAPALM's getter is asked.
        """
        results = self._run(devices, read_running, progress, runner=self._readers(), each=each, method=method)
        return {str(self.nornir.inventory.hosts[name]["id"]): _reading(name, item) for name, item in results.items()}

    def push(
        self, plan: Plan, deployment: Deployment, *, recheck: bool = True, progress: Progress | None = None
    ) -> None:
        """Push the plan's changes; each start and outcome is told to the deployment, with its options.

        Hosts build their systems before anything is sent to anybody.
        """
        recorder = CimnetRecorder(self._service(), plan=plan, deployment=deployment)
        ids = {name: str(host["id"]) for name, host in self.nornir.inventory.hosts.items()}
        Rollout(self._run, ids, self._workers(), deployment, recorder, recheck, progress).carry_out()
        deployment.trouble += recorder.trouble

    def _workers(self) -> int:
        return int(getattr(self.nornir.runner, "num_workers", 1))

    def host_keys(self, devices: Sequence[str], *, progress: Progress | None = None) -> Mapping[str, ReadResult]:
        """The SSH host key that each device shows now, by id, or why none was seen."""
        results = self._run(devices, read_host_key, progress)
        return {str(self.nornir.inventory.hosts[name]["id"]): _reading(name, item) for name, item in results.items()}

    def check(
        self, devices: Sequence[str], *, when: Moment = "after", progress: Progress | None = None
    ) -> Mapping[str, tuple[CheckResult, ...] | CimnetError]:
        """What the project's checks come to on each device, by id, or why they could not be run."""
        results = self._run(devices, cimnet_checks, progress, when=when)
        return {str(self.nornir.inventory.hosts[name]["id"]): _checked(name, item) for name, item in results.items()}

    def capabilities(
        self, devices: Sequence[str], *, progress: Progress | None = None
    ) -> Mapping[str, Capabilities | DeviceError]:
        """What each device can do, by id, or why it could not be asked."""
        results = self._run(devices, cimnet_doctor, progress, runner=self._readers())
        return {str(self.nornir.inventory.hosts[name]["id"]): _able(name, item) for name, item in results.items()}

    def collect(
        self, devices: Sequence[str], *, method: str = "netmiko", progress: Progress | None = None
    ) -> Mapping[str, Observed | DeviceError]:
        """What each device says of itself, by id, or why it does not; hosts without deployments are left out."""
        results = self._run(devices, cimnet_collect, progress, runner=self._readers(), method=method)
        found = {str(self.nornir.inventory.hosts[name]["id"]): _observed(name, item) for name, item in results.items()}
        return {device: each for device, each in found.items() if each is not None}

    def configured(self, since: Mapping[str, timedelta | None]) -> Mapping[str, tuple[ConfiguredBy, ...]]:
        """Who configured each device, by id, since so long ago, as its log says; nobody where it does not tell."""
        results = self._run(list(since), cimnet_log, runner=self._readers(), since=dict(since))
        ids = {name: str(self.nornir.inventory.hosts[name]["id"]) for name in results}
        return {ids[name]: getattr(item[0], "configured", ()) for name, item in results.items()}

    def record(self, device: str, commands: Sequence[str]) -> Recording:
        """A session with a device, by id, as it came over the wire, not scrubbed yet. Raises a CimnetError."""
        for name, item in self._run([device], cimnet_record, None, commands=tuple(commands)).items():
            recording = getattr(item[0], "recording", None)
            if isinstance(recording, Recording):
                return recording
            if isinstance(item[0].exception, CimnetError):
                raise item[0].exception
            raise DeviceError(f"{name}: {item[0].exception or 'a server cannot be recorded'}", subject=name)
        raise DeviceError(f"there is no device {device!r}", subject=device)

    def settle(
        self,
        doubts: Sequence[Doubt],
        *,
        policy: Policy = "",
        ask: Ask = lambda *_: "",
        only_look: bool = False,
        progress: Progress | None = None,
    ) -> tuple[Settled, ...]:
        """Settle pushes in doubt, several devices at once; a device that is gone stays in doubt."""
        wanted = {doubt.device for doubt in doubts}
        results = self._run(
            sorted(wanted), settle_pushes, progress, doubts=doubts, policy=policy, ask=ask, only_look=only_look
        )
        settled = [item for result in results.values() for item in _settled_of(result)]
        names = {str(self.nornir.inventory.hosts[name]["id"]): name for name in results}
        for doubt in (doubt for doubt in doubts if all(doubt is not item.doubt for item in settled)):
            error = results[names[doubt.device]][0].exception if doubt.device in names else None
            settled.append(Settled(doubt, None, str(error) if error else "the device is not in the network"))
        return tuple(settled)

    def close(self) -> None:
        """Close every session."""
        self.nornir.close_connections(on_good=True, on_failed=True)

    def _readers(self) -> RunnerPlugin:
        """Twice as many threads as for pushes: to read is to log in, and to log in is to wait."""
        runner = self.nornir.runner
        return ThreadedRunner(num_workers=2 * runner.num_workers) if isinstance(runner, ThreadedRunner) else runner

    def _service(self) -> NetworkService:
        defaults = self.nornir.inventory.defaults
        if not isinstance(defaults, CimnetDefaults):
            raise SettingsError("this Nornir's inventory is not CimnetInventory's", subject="inventory")
        return defaults.service

    def _run(
        self,
        devices: Sequence[str],
        task: Callable[..., Result],
        progress: Progress | None = None,
        recorder: CimnetRecorder | None = None,
        runner: RunnerPlugin | None = None,
        **parameters: Any,
    ) -> AggregatedResult:
        wanted = set(devices)
        # Nornir leaves out hosts that failed before, in silence: each run here is asked for anew.
        self.nornir.data.reset_failed_hosts()
        chosen = (self.nornir.with_runner(runner) if runner else self.nornir).filter(
            filter_func=lambda host: host["id"] in wanted
        )
        processors: list[Processor] = []
        processors += [recorder] if recorder else []
        processors += [ProgressTeller(progress)] if progress else []
        results = chosen.with_processors(processors).run(task=task, **parameters)
        if recorder is not None:
            # What nobody foresaw is told: Nornir keeps it in a result that nobody reads.
            recorder.trouble += [_unforeseen(name, item) for name, item in results.items() if _is_unforeseen(item)]
        return results


def read_running(task: Task, *, each: Callable[[str, str], None] | None = None, method: str = "netmiko") -> Result:
    """The running configuration of the host, as `result`; the DeviceError as `exception` where there is none.

    `each` is told of the device's id and the configuration. By `method` "napalm", NAPALM's getter is asked.
    """
    try:
        context = context_of(task)
        context.require_present()
        running = _running(task, context, method)
        if each is not None:
            each(context.device, running)
        return Result(host=task.host, result=running, changed=False)
    except CimnetError as error:
        return Result(host=task.host, result=error.message, failed=True, exception=error)


def _running(task: Task, context: Context, method: str) -> str:
    if method == "netmiko" or context.is_managed:
        return running_of(task, context)
    # NAPALM takes a second to import, and most commands do without.
    from cimnet_nornir.tasks.getters import configuration_by_napalm

    return configuration_by_napalm(task, switches=task.host.data.get("kind") == "switch")


def _is_unforeseen(results: MultiResult) -> bool:
    return results[0].exception is not None and not isinstance(results[0].exception, CimnetError)


def _unforeseen(name: str, results: MultiResult) -> str:
    error = results[0].exception
    return f"{name}: {type(error).__name__}: {error}"


def _settled_of(results: MultiResult) -> tuple[Settled, ...]:
    settled: tuple[Settled, ...] = getattr(results[0], "settled", ())
    return settled


def _reading(name: str, results: MultiResult) -> ReadResult:
    result = results[0]
    if not result.failed:
        return str(result.result)
    if isinstance(result.exception, DeviceError):
        return result.exception
    return DeviceError(f"{name}: {result.exception}", subject=name)


def _checked(name: str, results: MultiResult) -> tuple[CheckResult, ...] | CimnetError:
    result = results[0]
    if isinstance(result.exception, CimnetError):
        return result.exception
    checks: tuple[CheckResult, ...] | None = getattr(result, "checks", None)
    return checks if checks is not None else DeviceError(f"{name}: {result.exception}", subject=name)


def _able(name: str, results: MultiResult) -> Capabilities | DeviceError:
    found = getattr(results[0], "capabilities", None)
    if isinstance(found, Capabilities):
        return found
    reading = _reading(name, results)
    return reading if isinstance(reading, DeviceError) else DeviceError(f"{name}: {reading}", subject=name)


def _observed(name: str, results: MultiResult) -> Observed | DeviceError | None:
    found = getattr(results[0], "observed", None)
    if isinstance(found, Observed):
        return found
    if not results[0].failed:
        return None
    reading = _reading(name, results)
    return reading if isinstance(reading, DeviceError) else DeviceError(f"{name}: {reading}", subject=name)


class ProgressTeller:
    """A processor that tells of each host as it starts and ends."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def task_started(self, task: Task) -> None:
        """The caller knows."""

    def task_completed(self, task: Task, result: AggregatedResult) -> None:
        """The caller knows."""

    def task_instance_started(self, task: Task, host: Host) -> None:
        self._progress(host.name, "started")

    def task_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        outcome = getattr(result[0], "outcome", None)
        self._progress(host.name, outcome.outcome if outcome else "failed" if result.failed else "done")

    def subtask_instance_started(self, task: Task, host: Host) -> None:
        """Only whole hosts are told of."""

    def subtask_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        """Only whole hosts are told of."""
