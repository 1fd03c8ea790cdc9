"""What became of a device's life besides pushes, told per environment; why stands in the envelope's `reason`."""

from typing import Self

from pydantic import AwareDatetime, model_validator

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Identifier, Value
from cimnet_nornir.errors import InvalidValue


class MaintenanceWindow(Value):
    """The time that work on a device is announced for; both moments name their time zone."""

    start: AwareDatetime
    until: AwareDatetime

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.until <= self.start:
            raise InvalidValue(
                f"a maintenance window ends after it starts: {self.until:%Y-%m-%d %H:%M} is not after"
                f" {self.start:%Y-%m-%d %H:%M}",
                subject="until",
            )
        return self


class LifecycleChanged(Event):
    """Base of all: a device in an environment."""

    network: Identifier
    device: Identifier
    environment: str


class ProvisioningStarted(LifecycleChanged):
    """It is being installed: racked, cabled, given its first address, or put back into stock to be used again."""


class RouterProvisioningStarted(ProvisioningStarted):
    pass


class SwitchProvisioningStarted(ProvisioningStarted):
    pass


class HostProvisioningStarted(ProvisioningStarted):
    pass


class Commissioned(LifecycleChanged):
    """It is in service as it is: it runs what is intended, and no push was needed for that."""


class RouterCommissioned(Commissioned):
    pass


class SwitchCommissioned(Commissioned):
    pass


class HostCommissioned(Commissioned):
    pass


class MaintenanceStarted(LifecycleChanged):
    """Work on it is announced: until it ends, only who names the device pushes to it. Told again, the window is new."""

    window: MaintenanceWindow


class RouterMaintenanceStarted(MaintenanceStarted):
    pass


class SwitchMaintenanceStarted(MaintenanceStarted):
    pass


class HostMaintenanceStarted(MaintenanceStarted):
    pass


class MaintenanceEnded(LifecycleChanged):
    """The work is done, and the device is in service again."""


class RouterMaintenanceEnded(MaintenanceEnded):
    pass


class SwitchMaintenanceEnded(MaintenanceEnded):
    pass


class HostMaintenanceEnded(MaintenanceEnded):
    pass


class DecommissioningStarted(LifecycleChanged):
    """It is being taken out of service."""


class RouterDecommissioningStarted(DecommissioningStarted):
    pass


class SwitchDecommissioningStarted(DecommissioningStarted):
    pass


class HostDecommissioningStarted(DecommissioningStarted):
    pass


class Decommissioned(LifecycleChanged):
    """It is out of service: nothing is pushed to it any more."""


class RouterDecommissioned(Decommissioned):
    pass


class SwitchDecommissioned(Decommissioned):
    pass


class HostDecommissioned(Decommissioned):
    pass


EVENTS: tuple[type[Event], ...] = (
    RouterProvisioningStarted,
    SwitchProvisioningStarted,
    HostProvisioningStarted,
    RouterCommissioned,
    SwitchCommissioned,
    HostCommissioned,
    RouterMaintenanceStarted,
    SwitchMaintenanceStarted,
    HostMaintenanceStarted,
    RouterMaintenanceEnded,
    SwitchMaintenanceEnded,
    HostMaintenanceEnded,
    RouterDecommissioningStarted,
    SwitchDecommissioningStarted,
    HostDecommissioningStarted,
    RouterDecommissioned,
    SwitchDecommissioned,
    HostDecommissioned,
)
