"""The devices of an environment, reached by Nornir: the DevicePort of the use cases."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nornir.core import Nornir
from nornir.core.inventory import Host
from nornir.core.plugins.runners import RunnerPlugin
from nornir.core.processor import Processor
from nornir.core.task import AggregatedResult, MultiResult, Result, Task
from nornir.plugins.runners import ThreadedRunner

from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.ports import Progress, ReadResult
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.errors import CimnetError, DeviceError, SettingsError
from cimnet_nornir.inventory.builder import CimnetDefaults
from cimnet_nornir.ios.capabilities import Capabilities
from cimnet_nornir.processors.recorder import CimnetRecorder
from cimnet_nornir.tasks.configuration import failed
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.doctor import cimnet_doctor
from cimnet_nornir.tasks.host_keys import read_host_key
from cimnet_nornir.tasks.push import cimnet_push
from cimnet_nornir.tasks.session import open_session


class NornirDevices:
    """Reads and pushes by a Nornir whose inventory is CimnetInventory's."""

    def __init__(self, nornir: Nornir) -> None:
        self.nornir = nornir

    def read(
        self,
        devices: Sequence[str],
        *,
        progress: Progress | None = None,
        each: Callable[[str, str], None] | None = None,
    ) -> Mapping[str, ReadResult]:
        """The running configuration of each device by id, or the DeviceError that says why there is none."""
        results = self._run(devices, read_running, progress, runner=self._readers(), each=each)
        return {str(self.nornir.inventory.hosts[name]["id"]): _reading(name, item) for name, item in results.items()}

    def push(
        self, plan: Plan, deployment: Deployment, *, recheck: bool = True, progress: Progress | None = None
    ) -> None:
        """Push the plan's changes; each start and outcome is told to the deployment."""
        recorder = CimnetRecorder(self._service(), plan=plan, deployment=deployment)
        self._run(
            [device.device for device in plan.changes], cimnet_push, progress, recorder, plan=plan, recheck=recheck
        )
        deployment.trouble += recorder.trouble

    def host_keys(self, devices: Sequence[str], *, progress: Progress | None = None) -> Mapping[str, ReadResult]:
        """The SSH host key that each device shows now, by id, or why none was seen."""
        results = self._run(devices, read_host_key, progress)
        return {str(self.nornir.inventory.hosts[name]["id"]): _reading(name, item) for name, item in results.items()}

    def capabilities(
        self, devices: Sequence[str], *, progress: Progress | None = None
    ) -> Mapping[str, Capabilities | DeviceError]:
        """What each device can do, by id, or why it could not be asked."""
        results = self._run(devices, cimnet_doctor, progress, runner=self._readers())
        return {str(self.nornir.inventory.hosts[name]["id"]): _told(name, item) for name, item in results.items()}

    def save(self, device: str) -> DeviceError | None:
        """Write the running configuration of a device, by id, to its startup; the error where that was not done."""
        for name, item in self._run([device], save_running, None).items():
            reading = _reading(name, item)
            return reading if isinstance(reading, DeviceError) else None
        return DeviceError(f"there is no device {device!r}", subject=device)

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
        progress: Progress | None,
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
        return chosen.with_processors(processors).run(task=task, **parameters)


def read_running(task: Task, *, each: Callable[[str, str], None] | None = None) -> Result:
    """The running configuration of the host, as `result`; the DeviceError as `exception` where there is none.

    `each` is told of the device's id and the configuration.
    """
    try:
        context = context_of(task)
        context.require_present()
        running = open_session(task).running()
        if each is not None:
            each(context.device, running)
        return Result(host=task.host, result=running, changed=False)
    except CimnetError as error:
        return Result(host=task.host, result=error.message, failed=True, exception=error)


def save_running(task: Task) -> Result:
    """Write the running configuration of the host to its startup; the DeviceError as `exception` where it was not."""
    try:
        context_of(task).require_present()
        open_session(task).save()
        return Result(host=task.host, result="saved", changed=True)
    except CimnetError as error:
        return failed(task, error)


def _reading(name: str, results: MultiResult) -> ReadResult:
    result = results[0]
    if not result.failed:
        return str(result.result)
    if isinstance(result.exception, DeviceError):
        return result.exception
    return DeviceError(f"{name}: {result.exception}", subject=name)


def _told(name: str, results: MultiResult) -> Capabilities | DeviceError:
    found = getattr(results[0], "capabilities", None)
    if isinstance(found, Capabilities):
        return found
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
