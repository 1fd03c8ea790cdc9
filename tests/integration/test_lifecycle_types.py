"""What a type checker says of devices' lives: it accepts the steps that exist and refuses those that do not."""

import re
from pathlib import Path

import pytest
from mypy import api

CONFIG = Path(__file__).parent.parent.parent / "pyproject.toml"
# A line that is to be refused says so; all others are to be accepted.
SNIPPET = """\
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.events import MaintenanceWindow
from cimnet_nornir.domain.handles import (
    Active, Configuring, Decommissioned, Decommissioning, Failed, Host, Maintenance, Planned, Provisioning, Router,
    State, Switch, Updating,
)


def planned(router: Router[Planned], switch: Switch[Planned], host: Host[Planned]) -> None:
    provisioning: Router[Provisioning] = router.start_provisioning()
    active: Switch[Active] = switch.commission()
    configuring: Host[Configuring] = host.push_started()
    router.configuration_applied()  # refused
    router.push_in_doubt()  # refused
    router.end_maintenance()  # refused
    switch.start_decommissioning()  # refused
    host.decommissioned()  # refused
    mixed: Switch[Provisioning] = router.start_provisioning()  # refused


def pushed(first: Router[Configuring], later: Router[Updating], kept: Router[Maintenance]) -> None:
    active: Router[Active] = first.configuration_applied()
    failed: Router[Failed] = later.configuration_failed()
    unknown: Router[Updating] = later.push_in_doubt()
    back: Router[Active] = later.push_not_applied()
    nothing: Router[Failed] = first.push_not_applied()
    still: Router[Maintenance] = kept.push_started().configuration_failed()
    first.commission()  # refused
    later.start_provisioning()  # refused
    wrong: Router[Active] = first.push_not_applied()  # refused


def whole(router: Router[Planned], window: MaintenanceWindow) -> Router[Decommissioned]:
    active = router.start_provisioning().push_started().configuration_applied()
    return active.start_maintenance(window).end_maintenance().start_decommissioning().decommissioned()


def gone(router: Router[Decommissioned], going: Router[Decommissioning]) -> None:
    again: Router[Provisioning] = router.start_provisioning()
    kept: Router[Active] = going.commission()
    router.push_started()  # refused


def loaded(service: NetworkService) -> None:
    known: Router[Planned] = service.router("r1").expect(Planned)
    known.start_provisioning()
    service.router("r1").start_provisioning()  # refused
    anything: Router[State] = known
    certain: Router[Planned] = service.router("r1")  # refused
    wrong: Router[Planned] = service.switch("sw1").expect(Planned)  # refused
"""


@pytest.mark.slow
def test_mypy_accepts_the_steps_that_exist_and_refuses_the_others(tmp_path: Path) -> None:
    path = tmp_path / "lives.py"
    path.write_text(SNIPPET, encoding="utf-8")
    out, errors, _ = api.run(
        [str(path), "--config-file", str(CONFIG), "--cache-dir", str(CONFIG.parent / ".mypy_cache")]
    )
    assert errors == ""
    refused = {int(line) for line in re.findall(r"lives\.py:(\d+): error", out)}
    expected = {number for number, line in enumerate(SNIPPET.splitlines(), 1) if line.endswith("# refused")}
    assert len(expected) == 13
    assert refused == expected, out
