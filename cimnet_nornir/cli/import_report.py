"""What an import came to: by device how many lines are in which class, links, what is left open, what was recorded."""

import shlex
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cimnet_nornir.cli.options import Options
from cimnet_nornir.cli.output import bad, count, faint, good, note, odd, print_json, say, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cimnet_nornir.application.import_management import Managed
    from cimnet_nornir.application.importing import Import, Taken
    from cimnet_nornir.domain.envelope import Event
    from cimnet_nornir.domain.reading import SourceLine

# So many devices are named in a note.
_MOST = 3
_CLASSES = ("owned", "adopted", "noise", "unknown")
_MARKS = {"owned": good("owned  "), "adopted": odd("adopted"), "noise": faint("noise  "), "unknown": bad("unknown")}


def report(options: Options, found: "Import", sources: "Sequence[str]", *, check: bool) -> None:
    """Record what was read, unless it is only looked at, and tell of it."""
    from cimnet_nornir.application.importing import would_record

    if check:
        events: Sequence[tuple[str, Event]] = would_record(options.service, found)
        recorded: dict[str, Any] = {"check": True, "count": len(events), "request": None, "findings": None}
        told = f"{count(len(events), 'event')} would be recorded" if events else "nothing to record"
    else:
        recorded, told = _recorded(options, found, sources)
    if options.json:
        print_json("import", recorded | _document(options, found))
        return
    for line in _lines(options, found):
        say(line)
    say(told)
    for line in _unmanaged(found.unmanaged):
        note(line)
    if not check and recorded["count"]:
        for line in _next(options, sources, recorded["findings"]):
            note(line)


def _unmanaged(devices: "Sequence[Managed]") -> "Iterator[str]":
    """Devices that cannot be reached at an address yet, and what to do about it."""
    could = [f"{item.name} {item.address} ({item.interface})" for item in devices if item.address]
    lack = [item.name for item in devices if not item.address]
    if could:
        yield f"no management address yet, but clear which: {_few(could)}; recorded with --management-from auto"
    if lack:
        yield f"no management address yet: {_few(lack)}; add it to the definition, or say --management-from INTERFACE"


def _few(words: "Sequence[str]") -> str:
    more = len(words) - _MOST
    return ", ".join(words[:_MOST]) + (f" and {more} more" if more > 0 else "")


def _next(options: Options, sources: "Sequence[str]", findings: int) -> "Iterator[str]":
    """What makes sense now."""
    yield f"next: cimnet check ({count(findings, 'finding')})" if findings else "next: cimnet graph, cimnet plan"
    yield "      cimnet render --definition > inventory/network.yaml, to go on from there"
    if options.settings.environment == "lab" and len(sources) == 1 and Path(sources[0]).exists():
        yield f"      cimnet lab up --running {shlex.quote(sources[0])} && cimnet plan, to rehearse on a copy"


def _recorded(options: Options, found: "Import", sources: "Sequence[str]") -> tuple[dict[str, Any], str]:
    from cimnet_nornir.application.changes import stored_intent
    from cimnet_nornir.application.host_keys import pin_host_keys
    from cimnet_nornir.application.importing import record_import
    from cimnet_nornir.bootstrap import write_secrets

    with write_secrets(options.settings, found.secrets) as new:
        result = record_import(options.service, found, arguments={"sources": list(sources)})
    if found.keys:
        pin_host_keys(options.service, found.keys, command="import")
    events = list(stored_intent(result))
    request = str(result.correlation_id) if result.correlation_id else None
    if new and not options.json:
        note(f"{count(len(new), 'secret')} moved to inventory/secrets/")
    told = "0 events recorded: the intent is as the configurations say"
    if events:
        kinds = Counter(item.type for item in events).most_common()
        listed = "\n".join(f"  {number:4} {kind}" for kind, number in kinds)
        told = f"{count(len(events), 'event')} recorded in request {str(request)[:8]}\n{listed}"
    content = {"check": False, "count": len(events), "request": request, "findings": len(result.findings)}
    return content, told


# --- for people -------------------------------------------------------------------------------------------------------


def _lines(options: Options, found: "Import") -> "Iterator[str]":
    from cimnet_nornir.application.import_links import link_words

    accounts = {item.device.id: account(options, item) for item in found.taken}
    if options.verbose:
        for item in found.taken:
            yield f"{item.device.name} ({item.source.name})"
            yield from (f"  {_MARKS[line.how]} {line.text}" for line in accounts[item.device.id])
    rows = [_row(item, _counts(accounts[item.device.id])) for item in found.taken]
    yield from table(rows, ("DEVICE", "KIND", "LINES", "OWNED", "ADOPTED", "NOISE", "FROM"))
    names = {device.id: device.name for device in found.devices}
    for how, links in (("heard", found.links.heard), ("by subnet", found.links.matched)):
        yield from (f"link {link_words(link, names)} ({how})" for link in sorted(links))
    yield from (odd(f"not known: {doubt}") for doubt in found.links.doubts)
    yield from (odd(f"shared: {each}") for each in found.shared)


def _row(item: "Taken", counts: "Mapping[str, int]") -> list[str]:
    device = item.device
    kind = "layer-3 switch" if device.switches and device.routing else device.kind.value
    return [device.name, kind, *(str(counts[each]) for each in ("all", "owned", "adopted", "noise")), item.source.name]


def account(options: Options, item: "Taken") -> "tuple[SourceLine, ...]":
    """Each line of a configuration with what became of it, its secrets masked."""
    from cimnet_nornir.application.importing import reader_of

    return reader_of(options.service).account(item.source.text, item.reading)


def _counts(lines: "Sequence[SourceLine]") -> dict[str, int]:
    found = Counter(str(line.how) for line in lines)
    return {"all": len(lines), **{name: found[name] for name in _CLASSES}}


# --- for programs -----------------------------------------------------------------------------------------------------


def _document(options: Options, found: "Import") -> dict[str, Any]:
    return {
        "devices": [_device(options, item) for item in found.taken],
        "links": [
            {"a": list(link.a), "b": list(link.b), "by": how}
            for how, links in (("heard", found.links.heard), ("subnet", found.links.matched))
            for link in sorted(links)
        ],
        "doubts": list(found.links.doubts),
        "shared": list(found.shared),
        "unmanaged": [
            {"name": item.name, "interface": item.interface, "address": str(item.address) if item.address else None}
            for item in found.unmanaged
        ],
        "secrets": sorted(found.secrets),
    }


def _device(options: Options, item: "Taken") -> dict[str, Any]:
    device, lines = item.device, account(options, item)
    content: dict[str, Any] = {
        "device": device.id,
        "name": device.name,
        "kind": device.kind.value,
        "routing": device.routing,
        "management": str(device.details.management) if device.details.management else None,
        "source": item.source.name,
        "lines": _counts(lines),
    }
    if options.verbose:
        content["account"] = [{"line": line.number, "class": line.how, "text": line.text} for line in lines]
    return content
