"""What a task finds behind its host: the service of the inventory, and the device it is about."""

from dataclasses import dataclass
from typing import cast

from nornir.core.task import Task

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.errors import InvalidInput, SettingsError
from cimnet_nornir.inventory.builder import CimnetDefaults, FormerAddress
from cimnet_nornir.inventory.timeouts import Timeouts

# What the inventory calls the kind of a server.
_SERVER = "host"


@dataclass(frozen=True, slots=True)
class Context:
    """The service, the position that the inventory shows (None for the present), the device's id and host name.

    `former` is where the device still is that is about to be given another management address. `is_server` tells a
    host that carries containers or virtual machines: it runs no IOS, and tasks leave it alone unless it is managed.
    """

    service: NetworkService
    at: int | None
    device: str
    name: str
    timeouts: Timeouts
    is_server: bool = False
    former: FormerAddress | None = None

    @property
    def is_managed(self) -> bool:
        """Whether it is a host that configurations are deployed to."""
        return self.is_server and self.service.manages(self.device)

    @property
    def is_left_alone(self) -> bool:
        """Whether it is a host that nothing is deployed to."""
        return self.is_server and not self.service.manages(self.device)

    def require_present(self) -> None:
        """Raise InvalidInput where the inventory shows the past: devices are in the present."""
        if self.at is not None:
            raise InvalidInput(
                f"this inventory shows the network as of event {self.at}; devices are read and changed in the present",
                subject=self.name,
            )


def context_of(task: Task) -> Context:
    """The context of a task. Raises SettingsError where the inventory is not CimnetInventory's."""
    defaults = task.host.defaults
    if not isinstance(defaults, CimnetDefaults):
        raise SettingsError(
            "this task needs the inventory plugin CimnetInventory: inventory: {plugin: CimnetInventory}",
            subject=task.host.name,
        )
    data = task.host.data
    return Context(
        defaults.service,
        defaults.at,
        cast("str", data["id"]),
        task.host.name,
        defaults.timeouts,
        is_server=data.get("kind") == _SERVER,
        former=defaults.former.get(cast("str", data["id"])),
    )
