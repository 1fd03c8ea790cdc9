"""`cimnet doctor`: what devices can do, and what stands in the way of a push that they take back by themselves."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli.kept_out import in_ordinary_work
from cimnet_nornir.cli.options import common_options, hosts_argument, now_only, options_of
from cimnet_nornir.cli.output import bad, count, good, heading, note, odd, print_json, say, table
from cimnet_nornir.cli.plans import reason_of
from cimnet_nornir.cli.progress import progress

if TYPE_CHECKING:
    from cimnet_nornir.application.doctor import Examined, Remark
    from cimnet_nornir.application.plan import Unread


@click.command("doctor", short_help="Ask devices what they can do, and how a push to them is protected.")
@hosts_argument
@now_only("devices are asked in the present")
@common_options
@click.pass_context
def command(ctx: click.Context, hosts: tuple[str, ...]) -> int:
    """Ask devices by show commands what they can do: privilege, archive, lock, VTP mode, AAA, SCP, flash, image.

    Nothing is sent that changes anything. Exits 2 where something stands in the way of a push that the device would
    take back by itself.

    \b
    Examples:
      cimnet doctor acc1
      cimnet doctor --limit group:role__access --json
    """
    from cimnet_nornir.application.doctor import examined
    from cimnet_nornir.application.status import exit_status

    options = options_of(ctx)
    names = in_ordinary_work(options, options.chosen(hosts, managed=False), hosts, pushes=False)
    if not options.json:
        note(f"environment: {options.settings.environment}, {count(len(names), 'device')}")
    ids = [device.id for device in options.service.devices(names)]
    with options.devices() as devices, progress("asking", len(ids), verbose=options.verbose > 0) as tell:
        found, unread = examined(options.service, devices.capabilities(ids, progress=tell))
    if options.json:
        reasons = {item.name: item.reason for item in unread}
        print_json("doctor", {"devices": {item.name: _row(item) for item in found}, "unread": reasons})
    else:
        _show(found, unread)
    return exit_status((item.outcome for item in unread), pending=any(item.in_the_way for item in found))


def _row(item: "Examined") -> Mapping[str, Any]:
    from dataclasses import asdict

    return {
        "protected": not item.in_the_way,
        "capabilities": asdict(item.capabilities),
        "remarks": [asdict(remark) for remark in item.remarks],
    }


def _show(found: "Sequence[Examined]", unread: "Sequence[Unread]") -> None:
    for item in found:
        say(heading(f"{item.name}: {_verdict(item)}"))
        for line in table([_cells(remark) for remark in item.remarks]):
            say(f"  {line}")
    for each in unread:
        say(f"{bad(each.name)}: {reason_of(each.name, each.reason)}")
    if len(found) + len(unread) > 1:
        protected = sum(not item.in_the_way for item in found)
        say(f"a push is protected on {protected} of {count(len(found) + len(unread), 'device')}")


def _verdict(item: "Examined") -> str:
    if not item.in_the_way:
        return good("a push is protected")
    return bad("a push is not protected: ") + ", ".join(remark.what for remark in item.in_the_way)


def _cells(remark: "Remark") -> tuple[str, str]:
    color = {"note": odd, "bad": bad}.get(remark.level)
    found = color(remark.found) if color else remark.found
    return remark.what, f"{found}: {remark.means}" if remark.means else found
