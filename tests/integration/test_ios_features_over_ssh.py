"""The golden cases of features over SSH: a push of the remediation and one of the inverse, each on a lab's device."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from netmiko import ConnectHandler

from cimnet_nornir.errors import CimnetError
from cimnet_nornir.inventory.timeouts import Timeouts
from cimnet_nornir.ios.references import revealed
from cimnet_nornir.ios.remediation import Remediation, remediate
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab
from cimnet_nornir.tasks.session import Session
from cimnet_nornir.tasks.terminal import Terminal
from tests.golden_features import CASES, FeatureCase
from tests.lab_typing import kind_of, ports_of

CREDENTIALS = LabCredentials("admin", "login-word", "enable-word")
WORKERS = 4


def name_of(case: str) -> str:
    return f"d{CASES.index(case)}"


def declared(name: str) -> LabDevice:
    case = FeatureCase(name)
    ports = {*ports_of(case.intended, case.running), *case.device.ports} or {"GigabitEthernet0/0"}
    platform = "iosxe" if case.profile.platform == "iosxe" else "ios"
    return LabDevice(
        name_of(name),
        platform,  # type: ignore[arg-type]  # one of the two
        kind_of(case.profile),
        tuple(sorted(ports)),
        model=case.device.details.model,
        startup=case.read("running.cfg"),
    )


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    with running_lab(LabSpec(tuple(map(declared, CASES)), (), CREDENTIALS), tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="module")
def outcomes(lab: RunningLab) -> dict[str, list[str]]:
    """What went wrong with each case; several devices are typed on at once."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return dict(zip(CASES, pool.map(lambda name: told(lab, name), CASES), strict=True))


def told(lab: RunningLab, name: str) -> list[str]:
    """What went wrong with a case, an error of the push too."""
    try:
        return there_and_back(lab, name)
    except CimnetError as error:
        return [error.message]


def there_and_back(lab: RunningLab, name: str) -> list[str]:
    case, endpoint = FeatureCase(name), lab.devices[name_of(name)]
    with ConnectHandler(
        device_type="cisco_ios",
        host=endpoint.host,
        port=endpoint.port,
        username=CREDENTIALS.username,
        password=CREDENTIALS.password,
        secret=CREDENTIALS.enable,
    ) as connection:
        connection.enable()
        session = Session(Terminal(connection), endpoint.host, Timeouts())
        before = case.tree(session.running())
        pushed(session, case, case.needed(before))
        after = case.tree(session.running())
        intended = case.intended
        second = remediate(after, intended, case.profile, formerly=intended, resolve=case.secrets.get)
        left = [f"left: {line}" for line in second.lines()]
        pushed(session, case, remediate(after, before, case.profile, formerly=after))
        rest = remediate(case.tree(session.running()), before, case.profile).lines()
        return left + [f"left of the inverse: {line}" for line in rest]


def pushed(session: Session, case: FeatureCase, remediation: Remediation) -> None:
    """Send the lines as a push does: each answer is judged, and the first refusal ends it."""
    if not remediation.is_empty:
        session.configure([revealed(line, case.secrets.get) for line in remediation.lines()])


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_device_takes_every_line_there_and_back_over_ssh(outcomes: dict[str, list[str]], name: str) -> None:
    assert outcomes[name] == []
