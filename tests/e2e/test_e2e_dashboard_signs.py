"""What the dashboard makes of what is not well, and of what only looks so: ports, cables, pushes, small windows."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.dashboards import Served, Watched, served, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

    from cimnet_nornir.lab.thread import RunningLab
    from tests.e2e.conftest import Project

PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
CABLES = "cy.edges().filter(edge => edge.data('cabling')).map(edge => [{}])"
LOOKS = CABLES.format("edge.data('relation'), edge.style('label'), edge.style('line-style')")
# In pixels of the screen; Cytoscape draws no name that is smaller than it is told.
NAMES = """cy.nodes('[kind = "device"]').map(node => {
  const size = cy.zoom() * parseFloat(node.style('font-size'));
  return size >= parseFloat(node.style('min-zoomed-font-size')) ? size : 0;
})"""


@pytest.fixture
def dashboard(small: "Project") -> Iterator[Served]:
    with served(small) as running:
        yield running


@pytest.fixture
def web(browser: "Browser", dashboard: Served) -> Iterator[Watched]:
    with watched(browser, dashboard.url) as page:
        yield page


def badge(web: Watched, port: str) -> "Locator":
    """The state of a port on the page of a device."""
    return web.page.locator("[aria-label=Ports] tbody tr", has=web.page.locator("th", has_text=port)).locator(
        "td:nth-child(2) .badge"
    )


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


def test_whoever_is_not_logged_in_is_told_how_a_plan_is_made(web: Watched) -> None:
    told = web.open("/plans").inner_text("main")
    assert "Log in, and a plan can be made here." in told
    assert "cimnet plan -o change.plan" in told


def test_what_is_declared_and_not_applied_is_called_the_same_everywhere(web: Watched) -> None:
    page = web.open("/devices")
    assert page.locator("tbody tr:has-text('change pending')").count() == 3
    page.fill("input[type=search]", "pending")
    web.until("location.search === '?text=pending'")
    assert page.locator("tbody tr").count() == 3
    web.open("/device/sw1").wait_for_selector(".heading .badge >> text=change pending")
    web.open("/?select=device:sw1").wait_for_selector(".card .badge >> text=change pending")
    assert page.locator(".device-list .pick:has-text('change pending')").count() == 3


def test_a_link_that_is_down_is_trouble_and_an_empty_desk_is_not(
    small: "Project", lab: "RunningLab", web: Watched
) -> None:
    lab.fault("sw2", "down")
    small.ok("status", "--collect", status=4)
    page = web.open("/device/sw1")
    assert "tone-unknown" in (badge(web, "Gi1/0/1").get_attribute("class") or "")
    assert "down" in badge(web, "Gi1/0/1").inner_text()
    assert "tone-failed" in (badge(web, "Gi1/0/4").get_attribute("class") or "")
    assert "1 link down" in page.inner_text(".stat:has-text('Ports')")
    assert page.inner_text(".stat:has-text('Uptime') .value") == "< 1 min"
    web.open("/devices")
    assert page.locator("tbody .bad").count() == 0


def test_a_cable_that_is_not_as_declared_is_told_by_line_and_word(
    small: "Project", lab: "RunningLab", web: Watched
) -> None:
    small.edit("[sw1 GigabitEthernet1/0/4, sw2", "[sw1 GigabitEthernet1/0/3, sw2")
    small.ok("declare", str(small.network), "--prune", "--yes")
    small.ok("cabling", "--collect", status=2)
    page = web.open("/?select=device:sw2")
    assert web.map(LOOKS) == [["link", "wrong", "dashed"]]
    page.wait_for_selector(".card .links li:has-text('sw1') .badge >> text=wrong")
    web.map("void [cy.elements().unselect(), cy.edges('[cabling]').select()]")
    page.wait_for_selector(".card:has-text('Link') dd .badge >> text=wrong")
    small.edit(
        "  - [sw1 GigabitEthernet1/0/3, sw2 GigabitEthernet1/0/4]",
        "  - [sw1 GigabitEthernet1/0/3, r1 GigabitEthernet0/1]",
    )
    small.ok("declare", str(small.network), "--prune", "--yes")
    page = web.open("/?select=device:sw2")
    assert sorted(web.map(LOOKS)) == [["heard", "unexpected", "dashed"], ["link", "", "solid"]]
    page.wait_for_selector(".card .links li:has-text('sw1') .badge >> text=unexpected")
    assert web.serious() == []


def test_what_is_heard_comes_to_the_map_by_itself(small: "Project", lab: "RunningLab", web: Watched) -> None:
    page = web.open()
    page.wait_for_selector("[data-live=live]")
    assert web.map(CABLES.format("edge.data('cabling')")) == [["unknown"]]
    small.ok("status", "--collect")
    web.until("document.getElementById('map')._cyreg.cy.edges('[cabling = \"ok\"]').length === 1")


def test_a_deployment_that_sent_nothing_has_not_failed(
    browser: "Browser", small: "Project", lab: "RunningLab", web: Watched, tmp_path: Path
) -> None:
    plan = str(tmp_path / "change.plan")
    small.ok("plan", "--limit", "sw1", "-o", plan)
    small.type("sw1", ["vlan 77"])
    small.ok("apply", plan, "--yes", status=3)
    page = web.open("/deployments")
    assert "nothing sent" in page.inner_text("tbody tr")
    assert page.locator("tbody tr .tone-failed").count() == 0
    page.click("tbody th a")
    page.wait_for_selector(".heading .badge >> text=nothing sent")
    with watched(browser, web.url, viewport=SMALLEST) as small_window:
        lines = "[...document.querySelectorAll('tbody time span')].map(each => each.getClientRects().length)"
        assert small_window.open("/deployments").evaluate(lines) == [1, 1]


def test_names_on_the_map_of_a_phone_can_be_read(browser: "Browser", dashboard: Served) -> None:
    with watched(browser, dashboard.url, viewport=PHONE, has_touch=True) as web:
        page = web.open()
        assert not page.is_visible(".search kbd")
        page.click(".segments >> text=Map")
        web.until("document.getElementById('map')._cyreg.cy.width() > 300")
        web.map("void cy.nodes('[kind = \"device\"]').forEach((node, index) => node.position({x: 350 * index, y: 0}))")
        page.focus("#map")
        page.keyboard.press("0")
        assert web.map("cy.zoom()") < 0.5
        assert all(size >= 10 for size in web.map(NAMES))


def test_the_key_of_the_search_is_told_where_there_are_keys(web: Watched) -> None:
    page = web.open("/devices")
    assert page.inner_text(".search kbd") == "/"
    page.keyboard.press("/")
    page.wait_for_selector(".search kbd", state="hidden")
