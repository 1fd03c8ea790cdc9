"""The dashboard in a real browser: what changes while somebody looks, and what somebody with a token does."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.dashboards import (
    PATIENCE,
    TOKEN,
    Served,
    Watched,
    can_sign,
    dashboard_settings,
    new_signer,
    served,
    watched,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from cimnet_nornir.lab.thread import RunningLab
    from tests.e2e.conftest import Project


@pytest.fixture
def project(small: "Project") -> "Project":
    """Declared, and known to have a dashboard."""
    dashboard_settings(small)
    return small


@pytest.fixture
def dashboard(project: "Project") -> Iterator[Served]:
    with served(project) as running:
        yield running


@pytest.fixture
def web(browser: "Browser", dashboard: Served) -> Iterator[Watched]:
    with watched(browser, dashboard.url) as page:
        yield page


def logged_in(web: Watched, token: str = TOKEN) -> None:
    web.page.click("#login")
    web.page.fill("#token", token)
    web.page.keyboard.press("Enter")
    web.page.wait_for_selector("dialog", state="detached")


def test_what_is_declared_meanwhile_comes_in_by_itself(project: "Project", web: Watched) -> None:
    page = web.open()
    page.wait_for_selector("[data-live=live]")
    project.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 55: cameras, 99: management}")
    project.declare(reason="CHG-7 cameras")
    page.wait_for_selector("#filter-vlan option:has-text('VLAN 55 cameras')", state="attached")
    web.open("/events")
    project.edit("55: cameras", "55: cams")
    project.declare(reason="CHG-8 shorter")
    page.wait_for_selector(".event.fresh >> text=CHG-8 shorter")


def test_a_deployment_is_watched_while_it_runs(project: "Project", lab: "RunningLab", web: Watched) -> None:
    # It would take long, until somebody has seen it run.
    for device in ("sw1", "sw2", "r1"):
        lab.fault(device, "slow", milliseconds=1500)
    page = web.open("/deployments")
    page.wait_for_selector("text=Nothing was deployed yet")
    running = project.start("apply", "--yes", "--reason", "CHG-1 first rollout")
    page.wait_for_selector("tbody tr:has-text('running')", timeout=4 * PATIENCE * 1000)
    page.click("tbody tr:has-text('CHG-1') a")
    page.wait_for_selector(".push:has-text('running') progress")
    for device in ("sw1", "sw2", "r1"):
        lab.fault(device, "clear")
    page.wait_for_selector(".heading >> text=done", timeout=4 * PATIENCE * 1000)
    assert page.locator(".push .badge >> text=applied").count() == 3
    out, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, out + err


def test_without_a_token_nothing_can_be_changed_and_a_reader_may_read(web: Watched) -> None:
    web.expected.append("401")
    page = web.open("/plans")
    assert page.locator("#new-plan").count() == 0
    page.click("#login")
    page.fill("#token", "this-is-nobodys-token")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog .told-error:not(:empty)")
    page.fill("#token", "a-token-that-may-read")
    page.keyboard.press("Enter")
    page.wait_for_selector("#login >> text=eve")
    assert page.locator("#new-plan").count() == 0


@pytest.mark.skipif(not can_sign(), reason="openssh-client is not installed")
def test_somebody_with_a_token_plans_and_applies_what_another_approved(
    project: "Project", lab: "RunningLab", web: Watched, tmp_path: Path
) -> None:
    key = new_signer(project, tmp_path, "bob")
    page = web.open("/plans")
    logged_in(web)
    page.click("#new-plan")
    page.fill("#plan-limit", "sw1")
    page.keyboard.press("Enter")
    page.wait_for_selector(".view-plan .heading")
    assert page.locator("#apply").count() == 0
    assert "+vlan 10" in page.inner_text(".diff").replace("+ ", "+")
    command = page.inner_text("[aria-label='How to approve it']").split()
    project.ok(*command[1:2], str(project.folder / command[2]), "--key", str(key), "--yes")
    page.click("#apply")
    page.fill("#apply-reason", "CHG-9 from the page")
    page.keyboard.press("Enter")
    page.wait_for_selector(".view-deployment .heading >> text=done", timeout=4 * PATIENCE * 1000)
    assert "CHG-9 from the page" in page.inner_text(".why")
    assert "vlan 10" in lab.running_config("sw1")
    assert "vlan 10" not in lab.running_config("sw2")
    request = next(event for event in project.events("ChangeRequested") if event["reason"] == "CHG-9 from the page")
    assert request["actor"] == "ann"
    page.click("#login")
    page.click("dialog button[type=submit]")
    page.wait_for_selector("#login >> text=Log in")


def test_the_page_goes_on_when_the_dashboard_is_there_again(project: "Project", browser: "Browser") -> None:
    with served(project) as first:
        port = first.port
        with watched(browser, first.url) as web:
            web.expected.extend(
                (
                    "ERR_CONNECTION_REFUSED",
                    "ERR_INCOMPLETE_CHUNKED_ENCODING",
                    "ERR_EMPTY_RESPONSE",
                    "ERR_CONNECTION_RESET",
                )
            )
            page = web.open("/events")
            page.wait_for_selector("[data-live=live]")
            first.stop()
            page.wait_for_selector("[data-live=reconnecting]")
            project.edit("99: management}", "99: managed}")
            project.declare(reason="CHG-11 while it was away")
            with served(project, port):
                page.wait_for_selector("[data-live=live]")
                page.wait_for_selector(".event >> text=CHG-11 while it was away")


def test_what_is_not_there_yet_says_how_it_comes(empty: "Project", browser: "Browser") -> None:
    dashboard_settings(empty)
    with served(empty) as dashboard, watched(browser, dashboard.url) as web:
        web.expected.append("404")
        page = web.open("/")
        assert "cimnet declare inventory/network.yaml" in page.inner_text(".map-trouble")
        for path, command in (
            ("/devices", "declare"),
            ("/events", "declare"),
            ("/deployments", "cimnet apply"),
            ("/plans", "cimnet plan"),
        ):
            assert command in web.open(path).inner_text("main .empty")
        assert web.serious() == []


def test_three_hundred_devices_are_folded_by_site_until_somebody_opens_one(
    empty: "Project", browser: "Browser"
) -> None:
    device = "  {site}-{number:03}: {{kind: switch, role: access, site: {site}, ports: [GigabitEthernet1/0/1-2]}}\n"
    devices = "".join(device.format(site=site, number=number) for site in ("north", "south") for number in range(160))
    empty.network.write_text(
        f"network: small\ndefaults: {{vendor: cisco, platform: ios}}\ndevices:\n{devices}", encoding="utf-8"
    )
    empty.declare()
    with served(empty) as dashboard, watched(browser, dashboard.url) as web:
        page = web.open()
        assert web.map("cy.nodes().map(node => node.data('label')).sort()") == [
            "north\n160 devices",
            "south\n160 devices",
        ]
        page.click(".site:has-text('north') summary")
        page.click(".site:has-text('north') >> text=Open on the map")
        web.until("document.getElementById('map')._cyreg.cy.nodes('[kind = \"device\"]').length === 160")
        page.fill("#filter-text", "south-159")
        web.until("document.querySelectorAll('.device-list .rows li').length === 1")
        page.click(".device-list .pick")
        web.until("document.getElementById('map')._cyreg.cy.$(':selected').first().data('label') === 'south-159'")
