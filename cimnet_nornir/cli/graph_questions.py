"""Questions about the network: what hangs on a thing, weak points, loops, how far a VLAN reaches, neighbours."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.options import at_option, common_options, options_of
from cimnet_nornir.cli.output import bad, count, folded, good, heading, odd, print_json, say, table

if TYPE_CHECKING:
    from cimnet_nornir.projections.graph_impact import Impact
    from cimnet_nornir.projections.graph_loops import Loop
    from cimnet_nornir.projections.graph_neighbours import Neighbours
    from cimnet_nornir.projections.graph_vlans import VlanReach

_DETAILED = click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when something is found.")


@click.command("impact", short_help="What is cut off when a device or a link goes.")
@click.argument("host", metavar="HOST", shell_complete=completing.hosts)
@click.argument("port", required=False, metavar="[PORT]")
@at_option
@common_options
@click.pass_context
def impact(ctx: click.Context, host: str, port: str | None, at: str | None) -> None:
    """Show what hangs on a device, or on the link at one of its ports: who loses the way to the routers.

    In a network without routers the way to the layer-3 switches counts; without these, that to the larger part.

    \b
    Examples:
      cimnet graph impact acc4
      cimnet graph impact acc4 Gi1/0/21
      cimnet graph impact dist1 --at 2026-11-23 --json
    """
    options = options_of(ctx)
    position = options.service.position(at)
    found = options.service.impact(host, port, at=position)
    if options.json:
        print_json("graph-impact", {"at": position, **asdict(found)})
    else:
        _show_impact(found)


def _show_impact(found: "Impact") -> None:
    from cimnet_nornir.application.graph_words import cut_off

    cables = f" ({count(found.cables, 'cable')})" if found.cables > 1 else ""
    rows = cut_off(found)
    subject = heading(found.subject + cables)
    say(f"when {subject} goes, {'this is cut off:' if rows else 'nothing else is cut off'}")
    for line in table([(f"  {words}", ", ".join(names)) for words, names in rows]):
        say(line)


@click.command("weak-points", short_help="Where one device or cable is all that holds others.")
@_DETAILED
@at_option
@common_options
@click.pass_context
def weak_points(ctx: click.Context, detailed_exitcode: bool, at: str | None) -> int:
    """Show the devices and single cables on which others hang: single points of failure, the heaviest first.

    A bundle of several cables is no weak point, and a server with links to two switches hangs on neither.

    \b
    Examples:
      cimnet graph weak-points
      cimnet graph weak-points --detailed-exitcode
    """
    options = options_of(ctx)
    position = options.service.position(at)
    found = options.service.weak_points(position)
    if options.json:
        print_json("graph-weak-points", {"at": position, "weak_points": [asdict(each) for each in found]})
    else:
        _show_weak_points(found)
    return 2 if found and detailed_exitcode else 0


def _show_weak_points(found: "tuple[Impact, ...]") -> None:
    from cimnet_nornir.application.graph_words import cut_off, few

    rows = []
    for each in found:
        (_, names), *rest = cut_off(each)
        more = ", ".join(words for words, _ in rest)
        rows.append((each.subject, f"{few(names)}{f' ({more})' if more else ''}"))
    for line in table(rows, ("WHEN THIS GOES", "THESE ARE CUT OFF")) if rows else ():
        say(line)
    say(count(len(found), "weak point") if found else "no device and no cable is all that holds others")


@click.command("loops", short_help="Circles of switches in a VLAN, and whether spanning tree breaks them.")
@click.option("--vlan", type=int, metavar="ID", help="Only in this VLAN.")
@_DETAILED
@at_option
@common_options
@click.pass_context
def loops(ctx: click.Context, vlan: int | None, detailed_exitcode: bool, at: str | None) -> int:
    """Show where switches are joined in a circle in a VLAN, and what keeps spanning tree from breaking it.

    That is a switch without spanning tree or with more VLANs than it runs trees for, and a port-channel of mode on
    whose cables are no bundle at the other end. With --detailed-exitcode only such loops count.

    \b
    Examples:
      cimnet graph loops
      cimnet graph loops --vlan 100
    """
    options = options_of(ctx)
    position = options.service.position(at)
    found = options.service.loops(vlan, at=position)
    if options.json:
        print_json("graph-loops", {"at": position, "loops": [asdict(each) for each in found]})
    else:
        _show_loops(found, links=options.verbose > 0)
    return 2 if detailed_exitcode and any(each.unbroken for each in found) else 0


def _show_loops(found: "tuple[Loop, ...]", *, links: bool) -> None:
    from cimnet_nornir.application.graph_words import few, vlans_text

    for each in found:
        told = bad("not broken") if each.unbroken else good("spanning tree breaks it")
        around = f"{few(each.switches)} ({count(len(each.links), 'link')})"
        say(f"VLAN {vlans_text(each.vlans)}: {told}")
        for line in (*folded(around, 2), *each.unbroken, *(each.links if links else ())):
            say(f"  {line}")
    dangerous = sum(bool(each.unbroken) for each in found)
    ending = f", {bad(str(dangerous))} not broken by spanning tree" if dangerous else ""
    say(f"{count(len(found), 'loop')}{ending}" if found else "no switches are joined in a circle")


@click.command("vlan", short_help="How far a VLAN reaches, and who is in it.")
@click.argument("vlan", type=int, metavar="ID")
@_DETAILED
@at_option
@common_options
@click.pass_context
def vlan_(ctx: click.Context, vlan: int, detailed_exitcode: bool, at: str | None) -> int:
    """Show the parts that a VLAN is in, who is in each, and the cables between them that do not carry it.

    It is continuous when all who are in it reach one another, as far as cables join them. With --detailed-exitcode the
    status is 2 when it is not.

    \b
    Examples:
      cimnet graph vlan 100
      cimnet graph vlan 100 --at 118 --json
    """
    options = options_of(ctx)
    position = options.service.position(at)
    found = options.service.vlan_reach(vlan, at=position)
    if options.json:
        print_json("graph-vlan", {"at": position, **asdict(found)})
    else:
        _show_vlan(found)
    return 2 if detailed_exitcode and not found.continuous else 0


def _show_vlan(found: "VlanReach") -> None:
    from cimnet_nornir.application.graph_words import part_rows

    told = good("continuous") if found.continuous else odd("not continuous")
    if len(found.parts) > 1:
        # Parts that nobody is in part nobody.
        told += f"{' where it is used' if found.continuous else ''}, in {count(len(found.parts), 'part')}"
    say(f"{heading(f'VLAN {found.vlan} {found.name}'.rstrip())}: {told}")
    for number, part in enumerate(found.parts, start=1):
        rows = part_rows(part) or (("used by", "nobody"),)
        switches = ", ".join(part.switches)
        for line in table([(f"  {number}", "switches", switches), *(("", kind, words) for kind, words in rows)]):
            say(line)
    for gap in found.gaps:
        say(f"  {odd('not carried by')} {gap}")


@click.command("neighbours", short_help="What stands beside a device, or any other thing.")
@click.argument("name", metavar="NAME")
@at_option
@common_options
@click.pass_context
def neighbours(ctx: click.Context, name: str, at: str | None) -> None:
    """Show the other ends of a device's cables, and what else a thing is related to.

    NAME is a host, `vlan 100`, a subnet, an address, a container or virtual machine, or one of their networks.

    \b
    Examples:
      cimnet graph neighbours dist1
      cimnet graph neighbours "vlan 100"
      cimnet graph neighbours web/proxy
    """
    options = options_of(ctx)
    position = options.service.position(at)
    found = options.service.neighbours(name, at=position)
    if options.json:
        print_json("graph-neighbours", {"at": position, **asdict(found)})
    else:
        _show_neighbours(found)


def _show_neighbours(found: "Neighbours") -> None:
    from cimnet_nornir.application.graph_words import port_with_members, speed_words, vlans_text

    say(heading(found.name))
    rows = [
        (
            port_with_members(link.port, [near for near, _ in link.cables]),
            link.neighbour,
            port_with_members(link.neighbour_port, [far for _, far in link.cables]),
            speed_words(link.speed) or "-",
            vlans_text(link.vlans) or "-",
        )
        for link in found.links
    ]
    for line in table(rows, ("PORT", "NEIGHBOUR", "ITS PORT", "SPEED", "VLANS")) if rows else ():
        say(line)
    related = [(each.relation, each.kind, each.name) for each in found.related]
    for line in table(related, ("RELATION", "KIND", "NAME")) if related else ():
        say(line)
    if not (rows or related):
        say("nothing stands beside it")


QUESTIONS = {
    "impact": impact,
    "weak-points": weak_points,
    "loops": loops,
    "vlan": vlan_,
    "neighbours": neighbours,
}
