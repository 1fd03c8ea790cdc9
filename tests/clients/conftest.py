"""A lab for clients of other programs, which run in environments of their own (see `make clients`)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab

SPEC = LabSpec(
    (
        LabDevice("SW1", "iosxe", "l3switch", ("Gi1/0/1", "Gi1/0/2")),
        LabDevice("SW2", "ios", "switch", ("Gi0/1",)),
        LabDevice("R1", "iosxe", "router", ("Gi0/0/0",)),
    ),
    (),
    LabCredentials("admin", "login-word", "enable-word"),
)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[RunningLab]:
    with running_lab(SPEC, tmp_path / "lab") as lab:
        yield lab


@pytest.fixture(scope="session")
def environments() -> Path:
    """The folder of the virtual environments, one for each client."""
    return Path(os.environ["CIMNET_CLIENTS"]).resolve()


@pytest.fixture
def clean_environment() -> dict[str, str]:
    """The variables of this process, less those that would bring its packages into another interpreter."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
