"""What the dashboard makes of what is not well, and of what only looks so: ports, cables, pushes, small windows."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.e2e.dashboards import Served, Watched, served, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.e2e.conftest import Project


@pytest.fixture
def dashboard(small: "Project") -> Iterator[Served]:
    with served(small) as running:
        yield running


@pytest.fixture
def web(browser: "Browser", dashboard: Served) -> Iterator[Watched]:
    with watched(browser, dashboard.url) as page:
        yield page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("/devices/sw1", "/device/sw1"),
        ("/devices/sw1/configuration?part=diff", "/device/sw1/configuration?part=diff"),
        ("/events/1?at=2", "/event/1?at=2"),
        ("/events/1/trace", "/event/1"),
    ],
)
def test_an_address_of_the_api_leads_to_the_page_of_the_same(web: Watched, asked: str, shown: str) -> None:
    assert web.open(asked).url == web.url + shown


def test_a_plan_or_deployment_that_is_not_there_is_not_said_to_be_no_page(web: Watched) -> None:
    web.expected.append("404")
    for asked, shown in (("/plans/12345678", "/plan/12345678"), ("/deployments/12345678", "/deployment/12345678")):
        page = web.open(asked)
        page.wait_for_selector("[role=alert] >> text=There is no such thing")
        assert page.url == web.url + shown
