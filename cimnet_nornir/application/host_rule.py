"""The rule of validation that a host side can be made of what stands on each server."""

from collections.abc import Iterator

from cimnet_nornir.application.host_side import host_side
from cimnet_nornir.domain.validation import AnyRule, Finding, NetworkView, Severity
from cimnet_nornir.errors import RuleViolated


class HostSideRule:
    """Finds what no Linux server can have, or no runtime on it could do, before anybody deploys it."""

    id = "host-side"
    severity: Severity = "error"
    description = "What stands on a host cannot be: no Linux server can have it, or no runtime there could do it."

    def check(self, network: NetworkView) -> Iterator[Finding]:
        for device in network.devices.values():
            if not device.is_host:
                continue
            try:
                host_side(network.network, device.id)
            except RuleViolated as error:
                message = error.message.removeprefix(f"{device.name}: ")
                yield Finding(self.severity, self.id, device.name, "", message)


HOST_RULES: tuple[AnyRule, ...] = (HostSideRule(),)
