"""The API over real HTTP: each answer has the form that its description says, and is of the moment it says."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cimnet_nornir.application.collecting import collect
from cimnet_nornir.application.graph_following import GraphFollower
from cimnet_nornir.application.observations import SeenNeighbor
from cimnet_nornir.bootstrap import load_settings, open_service
from cimnet_nornir.domain import commands as c
from cimnet_nornir.web.app import create_api
from tests.unit.memory_devices import MemoryDevice, MemoryDevices
from tests.web import API, CHANGE, READ, Web, project, served

pytestmark = pytest.mark.usefixtures("tokens")

DESCRIPTION: dict[str, Any] = create_api().openapi()


# --- the description --------------------------------------------------------------------------------------------------


def schema_of(path: str, method: str = "get", status: str = "200") -> dict[str, Any]:
    """The schema of an answer, with what it refers to."""
    content = DESCRIPTION["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    return {**content, "components": DESCRIPTION["components"]}


def check(answer: Any, path: str, method: str = "get", status: str = "200") -> None:
    Draft202012Validator(schema_of(path, method, status)).validate(answer)


def test_the_description_is_openapi_and_all_it_refers_to_is_there(web: Web) -> None:
    served_as = web.get(f"{API}/openapi.json").json
    assert served_as == json.loads(json.dumps(DESCRIPTION))
    assert served_as["openapi"].startswith("3.1")
    for schema in served_as["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    text = json.dumps(served_as)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}:
        assert reference in served_as["components"]["schemas"]
    operations = [item["operationId"] for path in served_as["paths"].values() for item in path.values()]
    assert len(set(operations)) == len(operations)
    assert all(item["description"] for path in served_as["paths"].values() for item in path.values())


@pytest.mark.parametrize(
    ("path", "ask"),
    [
        ("/network", "/network"),
        ("/devices", "/devices"),
        ("/devices/{name}", "/devices/sw1"),
        ("/devices/{name}/configuration", "/devices/sw1/configuration"),
        ("/graph", "/graph"),
        ("/graph", "/graph?vlan=10"),
        ("/graph", "/graph?site=hq"),
        ("/graph", "/graph?around=sw1&depth=1"),
        ("/events", "/events?first=7"),
        ("/events/{identity}", "/events/3"),
        ("/events/{identity}/trace", "/events/3/trace"),
        ("/deployments", "/deployments"),
        ("/plans", "/plans"),
        ("/jobs", "/jobs"),
        ("/vlans", "/vlans"),
        ("/sites", "/sites"),
        ("/moments", "/moments?points=3"),
        ("/session", "/session"),
    ],
)
@pytest.mark.parametrize("at", ["", "at=8"])
def test_an_answer_has_the_form_that_is_described(web: Web, path: str, ask: str, at: str) -> None:
    answer = web.get(f"{API}{ask}{'&' if '?' in ask else '?'}{at}")
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"] == "application/json"
    check(answer.json, f"{API}{path}")


@pytest.mark.parametrize(
    ("ask", "status", "said"),
    [
        ("/devices/nobody", 404, "there is no device 'nobody'; cimnet inventory lists them"),
        ("/devices/nobody/configuration", 404, "there is no device 'nobody'; cimnet inventory lists them"),
        ("/events/zzzz", 404, "there is no event 'zzzz'; cimnet history lists them"),
        ("/events/4?at=3", 404, "event 4 had not happened at that moment"),
        ("/events?type=VlanCreate", 400, "there is no event type 'VlanCreate'; did you mean"),
        ("/events?first=100000", 422, "query.first: Input should be less than or equal to 500"),
        ("/network?at=9999", 404, "there is no event 9999; the last one is"),
        ("/network?at=yesterday", 400, "'yesterday' is no moment; write an event number"),
        ("/graph?around=nobody", 404, "nobody"),
        ("/deployments/abcd", 404, "there is no deployment 'abcd'"),
        ("/plans/0123456789", 404, "there is no plan 0123456789"),
        ("/plans/..%2f..%2fetc", 404, "there is nothing at"),
        ("/plans/xx", 400, "a plan is named by 8 or more digits of its digest"),
        ("/jobs/1", 404, "there is no job 1"),
        ("/nothing", 404, "there is nothing at"),
        (f"/events?after={2**63}", 422, "query.after: "),
        (f"/stream?after={2**63}", 422, "query.after: "),
    ],
)
def test_what_is_wrong_is_told_in_a_line(web: Web, ask: str, status: int, said: str) -> None:
    answer = web.get(f"{API}{ask}")
    assert (answer.status, said in answer.error) == (status, True), answer.body


@pytest.mark.parametrize(
    ("content", "kind"),
    [(None, "application/json"), ('{"limit": []}', "application/x-www-form-urlencoded"), ("[]", "application/json")],
)
def test_a_body_that_is_no_document_is_told_what_it_would_be(web: Web, content: str | None, kind: str) -> None:
    answer = web.ask("POST", f"{API}/plans", content, token=CHANGE, headers={"Content-Type": kind})
    assert answer.status == 422
    assert answer.error == "body: a JSON object is wanted, with Content-Type: application/json"
    assert set(answer.json["error"]) >= {"kind", "message", "subject"}


# --- moments ----------------------------------------------------------------------------------------------------------


def test_the_tag_is_the_event_number_and_what_the_caller_has_is_not_sent_again(web: Web) -> None:
    first = web.get(f"{API}/devices")
    head = web.service.store.head()
    assert (first.headers["etag"], first.json["position"]) == (f'"{head}"', head)
    again = web.get(f"{API}/devices", headers={"If-None-Match": f'"1", W/"{head}"'})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", f'"{head}"')
    web.service.execute(c.CreateVlan(device="sw2", vlan=20, name="voice"))
    moved = web.get(f"{API}/devices", headers={"If-None-Match": f'"{head}"'})
    assert (moved.status, moved.json["position"]) == (200, web.service.store.head())


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics", f"{API}/network", "/static/index.html"])
def test_the_head_of_an_answer_is_told_without_the_rest(web: Web, path: str) -> None:
    head, whole = web.ask("HEAD", path), web.get(path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers.get("etag") == whole.headers.get("etag")
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert web.ask("HEAD", f"{API}/stream").status == 405


def test_a_past_moment_is_answered_as_it_was(web: Web) -> None:
    names = {device["name"] for device in web.get(f"{API}/devices?at=3").json["devices"]}
    assert names == {"sw1"}
    assert {device["name"] for device in web.get(f"{API}/devices").json["devices"]} == {"sw1", "sw2", "r1"}
    past = web.get(f"{API}/network?at=3").json
    assert (past["position"], past["now"], past["devices"]["total"]) == (3, web.service.store.head(), 1)
    assert web.get(f"{API}/network?at=3").headers["etag"] == '"3"'


def test_who_works_on_a_device_is_told_though_no_event_tells_it(web: Web) -> None:
    quiet = web.get(f"{API}/devices").headers["etag"]
    with web.service.store.lease("push:lab:net/sw1", "ana", seconds=30):
        answer = web.get(f"{API}/devices", headers={"If-None-Match": quiet})
        assert answer.status == 200
        health = {device["name"]: device["health"] for device in answer.json["devices"]}
        assert health == {"r1": "unknown", "sw1": "deploying", "sw2": "unknown"}
    after = web.get(f"{API}/devices", headers={"If-None-Match": answer.headers["etag"]})
    assert (after.status, after.headers["etag"]) == (200, quiet)


def test_ten_who_ask_at_once_are_told_the_same(web: Web) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: web.get(f"{API}/devices"), range(10)))
    assert len({answer.body for answer in answers}) == 1


def test_a_long_answer_is_packed_for_who_takes_it_so(web: Web) -> None:
    plain = web.get(f"{API}/graph")
    packed = web.get(f"{API}/graph", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2


def test_what_devices_hear_is_laid_over_the_links_of_the_graph(web: Web) -> None:
    heard = SeenNeighbor(port="GigabitEthernet0/3", name="sw2", remote_port="GigabitEthernet0/2", protocol="cdp")
    silent, hearing = MemoryDevice(), MemoryDevice(neighbors=(heard,))
    hearing.set("GigabitEthernet0/3")
    before = web.get(f"{API}/graph")
    assert {edge.get("cabling") for edge in before.json["edges"] if edge["relation"] == "link"} <= {"unknown"}
    devices = MemoryDevices({"sw1": hearing, "sw2": silent}, web.service.actor.clock())
    collect(web.service, devices, ["sw1", "sw2"])
    found = web.get(f"{API}/graph").json
    (edge,) = (edge for edge in found["edges"] if edge["relation"] == "heard")
    assert (edge["source"], edge["target"], edge["cabling"]) == ("device:sw1", "device:sw2", "unexpected")
    assert {node["id"]: node["health"] for node in found["nodes"] if node["kind"] == "device"}["device:sw1"] == "ok"


def test_the_graph_that_is_kept_is_the_graph_made_anew(web: Web) -> None:
    web.get(f"{API}/graph")
    web.service.execute(c.CreateVlan(device="sw2", vlan=20, name="voice"))
    kept = web.get(f"{API}/graph").json
    anew = GraphFollower(web.service.store, "net").document()
    assert [{k: v for k, v in node.items() if k != "health"} for node in kept["nodes"]] == anew["nodes"]
    assert [{k: v for k, v in edge.items() if k != "cabling"} for edge in kept["edges"]] == anew["edges"]
    assert {node["health"] for node in kept["nodes"] if node["kind"] == "device"} == {"unknown"}


# --- events -----------------------------------------------------------------------------------------------------------


def test_pages_have_every_event_once_the_newest_first(web: Web) -> None:
    found: list[int] = []
    after = ""
    while True:
        page = web.get(f"{API}/events?first=3{after}").json
        found += [event["position"] for event in page["events"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == list(range(web.service.store.head(), 0, -1))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type=VlanCreated", {"VlanCreated"}),
        ("device=r1", {"RouterAdded", "RouterInterfaceConfigured"}),
        ("text=desk", {"PortConfigured"}),
        ("text=no%20such%20text", set()),
        ("correlation=1&type=NetworkCreated", {"NetworkCreated"}),
    ],
)
def test_events_are_searched(web: Web, query: str, expected: set[str]) -> None:
    events = web.get(f"{API}/events?first=500&{query}").json["events"]
    assert {event["type"] for event in events} == expected


def test_a_chain_is_told_with_words_and_subjects(web: Web) -> None:
    chain = web.get(f"{API}/events/3/trace").json["chain"]
    assert chain["type"] == "ChangeRequested"
    assert {child["subject"] for child in chain["caused"]} >= {"sw1", "sw2", "r1"}
    assert all(child["words"] for child in chain["caused"])


# --- the definition ---------------------------------------------------------------------------------------------------


def test_a_definition_is_put_in_the_place_of_the_one_that_was_read(web: Web) -> None:
    read = web.get(f"{API}/definition")
    tag, text = read.headers["etag"], read.body.decode()
    assert read.headers["content-type"] == "application/yaml"
    changed = text.replace("description: desk", "description: front desk")
    path = f"{API}/definition?reason=CHG-7"
    missing = web.ask("PUT", path, changed, token=CHANGE)
    assert (missing.status, "If-Match" in missing.error) == (428, True)
    dry = web.ask("PUT", f"{path}&dry_run=true", changed, token=CHANGE)
    check(dry.json, f"{API}/definition", "put")
    assert (dry.json["request"], dry.json["events"]) == (None, 1)
    assert dry.json["changes"] == ["sw1: Gi0/1: access VLAN 10 (front desk)"]
    done = web.ask("PUT", path, changed, token=CHANGE, headers={"If-Match": tag})
    check(done.json, f"{API}/definition", "put")
    assert done.status == 200
    request = web.get(f"{API}/events/{done.json['request']}").json
    assert (request["actor"], request["reason"], request["words"]) == (
        "ana",
        "CHG-7",
        "asked for: declare file=definition",
    )
    late = web.ask("PUT", path, text, token=CHANGE, headers={"If-Match": tag})
    assert (late.status, late.error) == (412, f"the intent has moved since event {tag.strip(chr(34))}; read it again")
    same = web.ask("PUT", path, changed, token=CHANGE, headers={"If-Match": done.headers["etag"]})
    assert (same.json["events"], same.headers["etag"]) == (0, done.headers["etag"])


def test_what_is_no_intent_leaves_the_definitions_tag_as_it_is(web: Web) -> None:
    tag = web.get(f"{API}/definition").headers["etag"]
    web.service.announce(["sw1"], _maintenance())
    assert web.get(f"{API}/network").headers["etag"] != tag
    assert web.get(f"{API}/definition", headers={"If-None-Match": tag}).status == 304
    # The number of any event since will do.
    for number in (tag, web.get(f"{API}/network").headers["etag"]):
        text = web.get(f"{API}/definition").body
        assert web.ask("PUT", f"{API}/definition", text, token=CHANGE, headers={"If-Match": number}).status == 200


def _maintenance() -> Any:
    from cimnet_nornir.domain.lifecycle import Trigger

    return Trigger.PROVISIONING_STARTED


@pytest.mark.parametrize("tag", ['"999999"', '"-1"', "*", '"x"'])
def test_a_tag_that_is_none_changes_nothing(web: Web, tag: str) -> None:
    text = web.get(f"{API}/definition").body
    before = web.service.store.head()
    assert web.ask("PUT", f"{API}/definition", text, token=CHANGE, headers={"If-Match": tag}).status == 412
    assert web.service.store.head() == before


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("network: net\ndevices: {sw1: {kind: toaster}}\n", 400, "definition:2"),
        ("network: other\n", 400, "definition:1: network: this is the network 'other'"),
        ("a: [", 400, "definition:"),
        (b"\xff\xfe", 400, "definition"),
    ],
)
def test_a_definition_that_is_wrong_is_told_with_its_place(web: Web, body: Any, status: int, said: str) -> None:
    answer = web.ask("PUT", f"{API}/definition?dry_run=true", body, token=CHANGE)
    assert answer.status == status
    assert answer.error.startswith(said)
    assert len(answer.json["error"]["problems"]) >= 1


def test_a_reason_is_one_line(web: Web) -> None:
    tag = web.get(f"{API}/definition").headers["etag"]
    put = web.ask("PUT", f"{API}/definition?reason=one%0Atwo", "", token=CHANGE, headers={"If-Match": tag})
    plan = web.ask("POST", f"{API}/plans", {"reason": "\x1b[2J"}, token=CHANGE)
    for answer in (put, plan):
        assert (answer.status, "a reason is one line of printable characters" in answer.error) == (422, True)
    assert web.dashboard.jobs.all() == ()


def test_a_definition_in_json_will_do_and_a_network_can_begin_so(tmp_path: Path) -> None:
    with served(project(tmp_path)) as web:
        assert web.get(f"{API}/definition").status == 404
        assert web.get(f"{API}/network").json["devices"]["total"] == 0
        for path in ("devices", "graph", "vlans", "sites", "moments", "events", "deployments"):
            assert web.get(f"{API}/{path}").status == 200, path
        device = {
            "kind": "switch",
            "vendor": "cisco",
            "platform": "ios",
            "role": "access",
            "ports": ["GigabitEthernet0/1"],
        }
        document = {"network": "net", "devices": {"sw9": device}}
        done = web.ask("PUT", f"{API}/definition", document, token=CHANGE, headers={"If-Match": '"0"'})
        assert done.status == 200, done.body
        assert [item["name"] for item in web.get(f"{API}/devices").json["devices"]] == ["sw9"]


def test_of_many_who_change_the_same_at_once_one_is_first(web: Web) -> None:
    read = web.get(f"{API}/definition")
    tag, text = read.headers["etag"], read.body.decode()

    def put(number: int) -> int:
        changed = text.replace("description: desk", f"description: desk {number}")
        return web.ask("PUT", f"{API}/definition", changed, token=CHANGE, headers={"If-Match": tag}).status

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(put, range(8)))
    assert statuses == [200, *([412] * 7)]


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_prometheus_and_other_watchers_are_answered(web: Web) -> None:
    head = web.service.store.head()
    assert web.get("/healthz").json == {"status": "ok", "position": head, "lag": 0}
    metrics = web.get("/metrics", token=READ)
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert b'cimnet_devices{health="unknown"} 3.0' in metrics.body


@pytest.mark.parametrize("path", ["/", "/device/sw1", "/deployments/abc", "/events"])
def test_the_paths_of_the_page_lead_to_the_page(web: Web, path: str) -> None:
    answer = web.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"<!doctype html>" in answer.body.lower()
    assert web.get(path, headers={"If-None-Match": answer.headers["etag"]}).status == 304


def test_another_program_changes_the_network_meanwhile(web: Web, folder: Path) -> None:
    before = {device["name"] for device in web.get(f"{API}/devices").json["devices"]}
    other = open_service(load_settings(folder))
    other.execute(c.RenameDevice(device="sw2", name="access2"))
    other.store.close()
    assert {device["name"] for device in web.get(f"{API}/devices").json["devices"]} == before - {"sw2"} | {"access2"}
