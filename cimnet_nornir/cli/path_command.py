"""`cimnet path A B`: the shortest ways from one thing to another."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.options import at_option, common_options, options_of
from cimnet_nornir.cli.output import count, heading, note, odd, print_json, say, table

if TYPE_CHECKING:
    from cimnet_nornir.projections.graph_paths import Way, Ways


@click.command("path", short_help="The shortest ways from one thing to another, by cables.")
@click.argument("a", metavar="A", shell_complete=completing.hosts)
@click.argument("b", metavar="B", shell_complete=completing.hosts)
@click.option("--vlan", type=int, metavar="ID", help="Only over links that carry this VLAN.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there is no way.")
@at_option
@common_options
@click.pass_context
def command(ctx: click.Context, a: str, b: str, vlan: int | None, detailed_exitcode: bool, at: str | None) -> int:
    """Show the ways from A to B with the fewest links, and the ports on each of them.

    A and B are hosts, containers and virtual machines (`web/proxy`, or `proxy`), addresses, subnets and VLANs; of those
    with several devices the nearest one counts. Servers that do not route pass nothing on; in a VLAN only switches do.

    \b
    Examples:
      cimnet path srv1 r1
      cimnet path proxy "vlan 10"
      cimnet path acc1 acc4 --vlan 100
      cimnet path 10.0.10.0/24 web/shop --at 118 --json
    """
    options = options_of(ctx)
    position = options.service.position(at)
    found = options.service.path(a, b, vlan=vlan, at=position)
    if options.json:
        print_json("path", {"at": position, **asdict(found)})
    else:
        _show(found)
    return 2 if detailed_exitcode and not found.count else 0


def _show(found: "Ways") -> None:
    over = f" in VLAN {found.vlan}" if found.vlan is not None else ""
    subject = heading(f"{found.source} to {found.target}{over}")
    if not found.count:
        say(f"{subject}: {odd('no way')}")
        return
    links = len(found.ways[0].hops)
    others = f", {count(found.count, 'way')}" if found.count > 1 else ""
    say(f"{subject}: {count(links, 'link') if links else 'at one device'}{others}")
    for number, way in enumerate(found.ways, start=1):
        _show_way(way, f"{number}  " if found.count > 1 else "")
    if found.count > len(found.ways):
        note(f"and {count(found.count - len(found.ways), 'other way')} as short")


def _show_way(way: "Way", number: str) -> None:
    from cimnet_nornir.application.graph_words import port_with_members, speed_words

    say(f"{number}{' - '.join(way.devices)}")
    rows = [
        (
            f"{' ' * len(number)}  {hop.near}",
            port_with_members(link.near_port, [near for near, _ in link.cables]),
            hop.far,
            port_with_members(link.far_port, [far for _, far in link.cables]),
            speed_words(link.speed),
        )
        for hop in way.hops
        for link in hop.links
    ]
    for line in table(rows):
        say(line)
