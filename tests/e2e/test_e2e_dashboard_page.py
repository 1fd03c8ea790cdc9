"""The dashboard in a real browser: what somebody sees who keeps it open."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab
from tests.e2e.conftest import Project, started_lab
from tests.e2e.dashboards import HOSTILE, Served, Watched, dashboard_settings, new_project, served, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VIEWS = (
    "/",
    "/?select=device:sw1&vlan=10",
    "/devices",
    "/device/sw1",
    "/device/sw1/configuration",
    "/device/sw1/configuration?part=running",
    "/device/sw1/configuration?part=diff",
    "/device/sw1/history",
    "/deployments",
    "/events",
    "/event/1",
    "/plans",
    "/nowhere",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two switches and a router; somebody described a port in a way that no page may run."""
    made = new_project(tmp_path_factory.mktemp("projects"))
    made.edit("description: desk}", f'description: "{HOSTILE}"}}')
    dashboard_settings(made)
    made.declare(reason="CHG-1 the first network")
    return made


@pytest.fixture(scope="module")
def lab(project: Project) -> Iterator[RunningLab]:
    """Its lab, with everything applied, and a VLAN declared since."""
    with started_lab(project, archive=True) as lab:
        project.ok("apply", "--yes", "--reason", "CHG-1")
        project.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 20: guests, 99: management}")
        project.declare(reason="CHG-2 guests")
        yield lab


@pytest.fixture(scope="module")
def dashboard(project: Project, lab: RunningLab) -> Iterator[Served]:
    with served(project) as running:
        yield running


@pytest.fixture
def web(browser: "Browser", dashboard: Served) -> Iterator[Watched]:
    with watched(browser, dashboard.url) as page:
        yield page


def words(page: "Page", selector: str) -> str:
    return " ".join(page.locator(selector).all_inner_texts())


def test_the_map_and_the_list_beside_it_show_every_device(web: Watched) -> None:
    page = web.open()
    assert page.title() == "Topology · small"
    assert web.map("cy.nodes('[kind = \"device\"]').map(node => node.data('label')).sort()") == ["r1", "sw1", "sw2"]
    assert web.map("cy.edges('[relation = \"link\"]').length") == 1
    assert page.locator(".device-list .name").all_inner_texts() == ["r1", "sw1", "sw2"]
    boxes = web.map("cy.nodes('[kind = \"device\"]').map(node => node.renderedBoundingBox())")
    assert all(box["x1"] >= 0 and box["y1"] >= 0 for box in boxes)


def test_a_device_is_found_by_search_and_shown_on_the_map(web: Watched) -> None:
    page = web.open()
    page.keyboard.press("/")
    page.keyboard.type("sw2")
    page.wait_for_selector("[role=option][aria-selected=true] >> text=sw2")
    page.keyboard.press("Enter")
    page.wait_for_selector(".card h2 >> text=sw2")
    assert "select=device%3Asw2" in page.url
    assert web.map("cy.$(':selected').map(node => node.id())") == ["device:sw2"]
    assert "Gi1/0/4" in words(page, ".card .links")


@pytest.mark.parametrize(("typed", "label"), [("vlan 10", "VLAN 10 users"), ("10.0.0.0", "10.0.0.0/24")])
def test_search_finds_vlans_and_subnets_too(web: Watched, typed: str, label: str) -> None:
    page = web.open("/devices")
    page.keyboard.press("/")
    page.keyboard.type(typed)
    page.locator("[role=option]").get_by_text(label, exact=True).click()
    page.wait_for_selector(".view-topology .card")
    assert label in words(page, ".card h2")


def test_a_vlan_lights_the_links_that_carry_it(web: Watched) -> None:
    page = web.open()
    page.select_option("#filter-vlan", "10")
    assert web.map("cy.edges('.lit').length") == 1
    assert web.map("cy.nodes('.dimmed').map(node => node.id())") == ["device:r1"]
    assert "vlan=10" in page.url


def test_things_stay_where_they_were_put(web: Watched) -> None:
    page = web.open()
    web.map("void cy.getElementById('device:r1').position({x: 777, y: 333}).emit('dragfree')")
    page.reload()
    web.shown()
    assert web.map("cy.getElementById('device:r1').position()") == {"x": 777, "y": 333}


def test_the_devices_are_sorted_by_the_head_that_is_clicked(web: Watched) -> None:
    page = web.open("/devices")
    assert page.locator("tbody th").all_inner_texts() == ["r1", "sw1", "sw2"]
    page.click("thead button:has-text('Name')")
    assert page.locator("tbody th").all_inner_texts() == ["sw2", "sw1", "r1"]
    assert page.get_attribute("thead th:first-child", "aria-sort") == "descending"
    page.fill("input[type=search]", "router")
    web.until("document.querySelectorAll('tbody tr').length === 1")


def test_a_description_with_a_script_in_it_shows_as_text(web: Watched) -> None:
    page = web.open("/device/sw1")
    assert HOSTILE in words(page, "tbody td")
    page.click("text=Configuration")
    page.wait_for_selector(".blame")
    assert f"description {HOSTILE}" in words(page, ".blame .line")
    page.goto(f"{web.url}/events?device=sw1&text=script")
    web.shown()
    assert page.title() == "Events · small"
    assert page.locator("script:not([src])").count() == 0


def test_each_line_of_the_configuration_names_who_asked_for_it(web: Watched) -> None:
    page = web.open("/device/sw1/configuration")
    row = page.locator(".blame tr", has_text=re.compile(r"vlan 20$"))
    assert "ann" in row.inner_text()
    assert "CHG-2 guests" in row.inner_text()
    row.locator("a").click()
    page.wait_for_selector(".tree-event.current")
    assert "VLAN 20" in words(page, ".event-page h2")
    assert "declare" in words(page, ".tree > li > .tree-event")


def test_the_difference_between_running_and_intended_is_shown(web: Watched) -> None:
    page = web.open("/device/sw1/configuration")
    page.click("text=Difference")
    page.wait_for_selector(".diff .added")
    assert "+vlan 20" in words(page, ".diff .added").replace(" ", "").replace("+vlan20", "+vlan 20")
    page.click("text=Running")
    assert "hostname sw1" in words(page, "pre.code")


def test_the_slider_takes_the_page_to_the_past_and_back(web: Watched) -> None:
    page = web.open()
    assert "VLAN 20" in words(page, "#filter-vlan")
    web.until("document.getElementById('moment').value === document.getElementById('moment').max")
    page.focus("#moment")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#past:visible >> text=As of event")
    web.until("!document.getElementById('filter-vlan').innerText.includes('VLAN 20')")
    assert re.search(r"[?&]at=\d+", page.url)
    page.click("nav[aria-label=Pages] >> text=Devices")
    web.shown()
    assert re.search(r"/devices\?at=\d+", page.url)
    page.keyboard.press("n")
    page.wait_for_selector("#past", state="hidden")
    assert "at=" not in page.url


def test_the_first_moment_of_all_has_no_deployment(web: Watched) -> None:
    page = web.open("/deployments?at=2")
    assert "Nothing was deployed yet" in words(page, "main")
    page.click("#past button")
    page.wait_for_selector("tbody tr")


def test_a_deployment_tells_what_each_device_was_sent_and_why(web: Watched) -> None:
    page = web.open("/deployments")
    page.click("tbody th a")
    page.wait_for_selector(".push >> text=applied")
    assert page.locator(".push").count() == 3
    sw1 = page.locator(".push", has=page.locator("a.name", has_text=re.compile("^sw1$")))
    sw1.locator("summary").click()
    assert "+ vlan 10" in sw1.inner_text()
    sw1.locator(".because").first.click()
    page.wait_for_selector(".event-page")


def test_deployments_chains_and_the_map_are_drawn_by_mermaid(web: Watched) -> None:
    web.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = web.open("/deployments")
    page.click("tbody th a")
    page.click("summary:has-text('Sequence diagram')")
    page.wait_for_selector(".diagram svg[role=img]")
    assert "sw1" in (page.text_content(".diagram svg") or "")
    page.click("text=Copy as Mermaid")
    page.wait_for_selector(".toast >> text=Copied")
    assert page.evaluate("navigator.clipboard.readText()").lstrip("-%").startswith("sequenceDiagram")
    web.open("/event/1")
    page.click("summary:has-text('Chain of causes as a diagram')")
    page.wait_for_selector(".diagram svg[role=img]")
    assert page.locator(".diagram script").count() == 0
    web.open("/")
    page.click("[aria-label='Copy as Mermaid']")
    web.until("navigator.clipboard.readText().then(text => text.includes('flowchart'))")


def test_events_are_filtered_and_tell_their_chain(web: Watched) -> None:
    page = web.open("/events")
    page.select_option("select[aria-label=Type]", "PushStarted")
    web.until("[...document.querySelectorAll('.event .type')].every(each => each.innerText === 'PushStarted')")
    assert page.locator(".event").count() == 3
    page.locator(".event a").first.click()
    page.wait_for_selector(".beside .tree-event.current")
    assert "event=" in page.url
    assert "apply" in words(page, ".beside .tree > li > .tree-event")
    page.fill("input[aria-label^=Text]", "nobody has ever said this")
    page.wait_for_selector(".events-list >> text=Nothing fits")


def test_it_is_dark_when_somebody_wants_it_so(web: Watched) -> None:
    page = web.open()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(244, 246, 249)"
    page.click("#theme")
    assert page.evaluate(ground) == "rgb(12, 17, 23)"
    page.reload()
    web.shown()
    assert page.evaluate(ground) == "rgb(12, 17, 23)"


def test_all_of_it_is_reached_by_the_keyboard(web: Watched) -> None:
    page = web.open()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.key") == "pick-device:sw1":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".card h2 >> text=sw1")
    assert page.evaluate("document.activeElement.dataset.key") == "pick-device:sw1"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".view-device[data-ready]")
    page.keyboard.press("3")
    page.wait_for_selector(".view-deployments[data-ready]")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")


def test_the_map_moves_by_the_keyboard(web: Watched) -> None:
    page = web.open()
    page.focus("#map")
    before = web.map("cy.pan()")
    page.keyboard.press("ArrowLeft")
    assert web.map("cy.pan().x") == before["x"] + 60
    zoom = web.map("cy.zoom()")
    page.keyboard.press("+")
    assert web.map("cy.zoom()") > zoom


def test_a_phone_shows_the_list_first_and_nothing_is_wider_than_it(browser: "Browser", dashboard: Served) -> None:
    with watched(browser, dashboard.url, viewport={"width": 360, "height": 740}) as web:
        page = web.open()
        assert page.is_visible(".device-list")
        assert not page.is_visible("#map")
        page.click(".segments >> text=Map")
        assert page.is_visible("#map")
        web.until("document.getElementById('map')._cyreg.cy.width() > 300")
        for path in VIEWS:
            web.page.goto(web.url + path)
            page.wait_for_selector("main .view[data-ready], main .empty")
            assert page.evaluate("document.scrollingElement.scrollWidth") <= 360, path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_view(browser: "Browser", dashboard: Served, theme: str) -> None:
    with watched(browser, dashboard.url, color_scheme=theme) as web:
        assert web.open().evaluate("document.documentElement.dataset.theme") == theme
        for path in VIEWS:
            web.page.goto(web.url + path)
            web.page.wait_for_selector("main .view[data-ready], main .empty")
            assert web.serious() == [], path
        web.open("/?at=3")
        assert web.serious() == []
        web.page.click("#login")
        assert web.serious() == []
