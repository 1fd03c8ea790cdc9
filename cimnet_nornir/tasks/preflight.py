"""Why nothing may be sent to a device: what is looked at before the first line."""

from cimnet_nornir.application.plan import DevicePlan, text_digest
from cimnet_nornir.application.planning import Planner, unread_device
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.errors import CimnetError, StoreError, StoreUnavailable


def refusal(planner: Planner, device: DevicePlan, options: PushOptions, read_anew: str | None) -> tuple[str, str]:
    """The outcome and the reason by which a push does not begin; two empty texts where it may.

    `read_anew` is what the device runs now, None where that is what the plan was computed from. Raises a CimnetError.
    """
    stale = "" if read_anew is None else outdated(planner, device) or _changed(planner, device, read_anew)
    if stale:
        return "stale", stale
    if device.cuts and not options.allow_cut:
        return "cut off", f"nothing was sent: {device.cuts[0]}; --allow-cut sends it all the same"
    if not options.guard(device):
        why = f"{device.name} cannot take a change back by itself: {device.unprotected}"
        return "not armed", f"nothing was sent: {why}"
    return "", ""


def not_begun(planner: Planner, device: DevicePlan, error: CimnetError) -> tuple[str, str]:
    """The outcome and the reason for a device to which nothing was sent because of an error."""
    if isinstance(error, StoreError):
        outcome = "not recorded" if isinstance(error, StoreUnavailable) else "busy"
        return outcome, f"nothing was sent: {error}"
    unread = unread_device(planner.device(device.device), error)
    return unread.outcome, unread.reason


def outdated(planner: Planner, device: DevicePlan) -> str:
    """Why the plan is none of the present intent; empty where it is."""
    if text_digest(planner.intended(device.device)) == device.rendered:
        return ""
    return outdated_words(device)


def outdated_words(device: DevicePlan) -> str:
    """How it is told that a plan is none of the present intent."""
    what = "the intent" if device.kind != "host" else "the intent, or what the project adds in nix/,"
    return f"{what} for {device.name} has changed since the plan; plan again"


def _changed(planner: Planner, device: DevicePlan, running: str) -> str:
    """Why the plan does not fit what the device runs now; empty where it does."""
    now = planner.plan(planner.device(device.device), running)
    if not now.changed:
        return f"{device.name} runs what is intended already: the plan was carried out, or is not needed any more"
    if now.touched != device.touched:
        return f"the running configuration of {device.name} has changed since the plan; plan again"
    # The same sections and the same intent come to the same commands: others were put into the plan.
    if now.commands != device.commands:
        return f"the commands for {device.name} are not those that its intent comes to; plan again"
    return ""
