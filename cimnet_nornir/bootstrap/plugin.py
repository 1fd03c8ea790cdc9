"""The Nornir inventory plugin: the entry point by which Nornir itself puts the parts together."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cimnet_nornir.bootstrap.settings import find_project, project_approval, settings_from
from cimnet_nornir.bootstrap.wiring import open_inventory, open_service
from cimnet_nornir.errors import CimnetError

if TYPE_CHECKING:
    from nornir.core.inventory import Inventory


class CimnetInventory:
    """The Nornir inventory plugin: `inventory: {plugin: CimnetInventory, options: {…}}`.

    Options: `store` (a URL; a relative path counts from the project), `network`, `environment` (lab or real), `at`
    (event number, event id or ISO 8601 time: the inventory as it was then), `project` (the folder that holds
    inventory/config.yaml; default: at or above the working directory), `timeouts` (see Timeouts), `operator` (the host
    by which the operator's station enters the network: each host's `distance` counts from it), `approval` (see
    ApprovalSettings; what the project's own file says of it goes before), `hosts` (those that configurations are
    deployed to, see HostSettings). All may be left out.
    """

    def __init__(
        self,
        *,
        store: str | None = None,
        network: str | None = None,
        environment: str | None = None,
        at: str | int | None = None,
        project: str | None = None,
        timeouts: Mapping[str, Any] | None = None,
        approval: Mapping[str, Any] | None = None,
        operator: str | None = None,
        hosts: Mapping[str, Any] | None = None,
    ) -> None:
        folder = Path(project) if project else find_project() or Path.cwd()
        options: dict[str, Any] = {
            "store": store,
            "network": network,
            "environment": environment,
            "timeouts": timeouts,
            "operator": operator,
            "hosts": hosts,
            "approval": project_approval(folder.absolute()) or approval,
        }
        self._settings = settings_from(
            folder.absolute(),
            options,
            store=os.environ.get("CIMNET_STORE"),
            environment=os.environ.get("CIMNET_ENV"),
        )
        self._at = None if at is None else str(at)

    def load(self) -> "Inventory":
        """The inventory, freshly built. Raises a CimnetError in one line."""
        service = open_service(self._settings)
        try:
            return open_inventory(self._settings, service, at=service.position(self._at))
        except CimnetError:
            service.store.close()
            raise
