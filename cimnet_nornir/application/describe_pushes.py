"""Deployments in words: what was begun, what was done to each device and host, and what came of it."""

from collections.abc import Callable, Mapping, Sized
from typing import Any

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Event


def _finished(event: e.DeploymentFinished) -> str:
    outcomes = list(event.outcomes.values())
    parts = [f"{outcomes.count(outcome)} {outcome}" for outcome in sorted(set(outcomes))]
    return f"deployment finished in {event.seconds:.1f} s: {', '.join(parts) or 'nothing to do'}"


def _applied(event: e.ConfigurationApplied) -> str:
    saved = "saved" if event.saved else "not saved"
    return f"{_count(event.lines, 'command')} applied by {event.method} in {event.environment}, read back, {saved}"


def _applied_to_host(event: e.HostConfigurationApplied) -> str:
    kept = "kept" if event.saved else "not kept"
    return f"{_count(event.lines, 'line')} of its module applied by {event.method} in {event.environment}, {kept}"


def _failed(event: e.ConfigurationFailed) -> str:
    back = f"; brought back by {event.reverted}" if event.reverted else ""
    return f"{event.outcome} ({event.environment}): {event.reason}{back}"


def _decided(event: e.TransactionDecided) -> str:
    done = "kept" if event.decision == "keep" else "taken back"
    why = f", since {event.reason}" if event.reason else ""
    return f"transaction: {done} on {_count(event.devices, 'device')}{why}"


def _recovering(event: e.RecoveryStarted) -> str:
    what = {"finish": "finishing it", "revert": "bringing back what ran before", "keep": "confirming and saving it"}
    return f"{event.device} was found {event.found} ({event.environment}): {what[event.action]}"


def _deployed(event: e.ConfigurationDeployed) -> str:
    target = event.target
    where = f" to {target.user}@{target.host}" if isinstance(target, e.RemoteTarget) else ""
    generation = f", generation {event.generation}" if event.generation else ""
    why = f": {event.reason}" if event.reason else ""
    return f"deployed by {event.method}{where} in {event.environment}: {event.result}{generation}{why}"


_STEPS: Mapping[str, str] = {
    "built": "system built",
    "armed": "goes back by itself unless it is confirmed",
    "activated": "what was built runs",
    "confirmed": "confirmed: its timer was stopped",
    "kept": "boots this from now on",
    "reverted": "runs again what it ran before",
}


def _advanced(event: e.HostDeploymentAdvanced) -> str:
    generation = f", generation {event.generation}" if event.generation else ""
    return f"{_STEPS[event.step]} ({event.environment}){generation}"


def _count(things: Sized, thing: str) -> str:
    return f"{len(things)} {thing}{'' if len(things) == 1 else 's'}"


PUSH_WORDS: Mapping[type[Event], Callable[[Any], str]] = {
    e.DeploymentStarted: lambda event: (
        f"deployment started in {event.environment}: {', '.join(event.devices) or 'no device'}"
    ),
    e.DeploymentFinished: _finished,
    e.TransactionDecided: _decided,
    e.RecoveryStarted: _recovering,
    e.WaveStarted: lambda event: f"wave {event.number} of {event.of} started: {', '.join(event.devices)}",
    e.WaveDecided: lambda event: f"wave {event.number} of {event.of}: {event.reason}: {event.decision}",
    e.PushStarted: lambda event: f"push started in {event.environment}: {_count(event.carries, 'change')}",
    e.RouterConfigurationApplied: _applied,
    e.SwitchConfigurationApplied: _applied,
    e.HostConfigurationApplied: _applied_to_host,
    e.RouterConfigurationFailed: _failed,
    e.SwitchConfigurationFailed: _failed,
    e.HostConfigurationFailed: _failed,
    e.HostDeploymentAdvanced: _advanced,
    e.PushSettled: lambda event: f"push settled: {event.outcome}",
    e.ConfigurationDeployed: _deployed,
}
"""What each event of a deployment says."""
