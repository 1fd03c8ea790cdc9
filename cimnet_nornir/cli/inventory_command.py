"""`cimnet inventory`: hosts and groups as Nornir sees them."""

import click

from cimnet_nornir.cli.options import at_option, common_options, options_of
from cimnet_nornir.cli.output import note, print_json, say, table
from cimnet_nornir.cli.paging import next_of, page_options, page_through


@click.command("inventory", short_help="Show hosts and groups as Nornir sees them.")
@page_options("HOST")
@at_option
@common_options
@click.pass_context
def command(ctx: click.Context, at: str | None, first: int | None, after: str | None) -> None:
    """Show the hosts and groups that Nornir gets, now or as of any past moment.

    \b
    Examples:
      cimnet inventory
      cimnet inventory --limit group:role__access --json
      cimnet inventory --at 2026-11-23T08:00
      cimnet inventory --first 100 --after acc100
    """
    from cimnet_nornir.bootstrap import open_inventory

    options = options_of(ctx)
    position = options.service.position(at)
    everyone = options.chosen(at=position, servers=True)
    names = page_through(everyone, str, first=first, after=after)
    following = next_of(everyone, names, str)
    inventory = open_inventory(options.settings, options.service, at=position)
    hosts = [inventory.hosts[name] for name in names]
    if options.json:
        content = {
            "network": options.settings.network,
            "environment": options.settings.environment,
            "at": position,
            "hosts": {
                host.name: {
                    "hostname": host.hostname,
                    "port": host.port,
                    "platform": host.platform,
                    "groups": [group.name for group in host.groups],
                    "data": host.data,
                }
                for host in hosts
            },
            "groups": sorted(inventory.groups),
            "next": following,
        }
        print_json("inventory", content)
        return
    if not everyone:
        when = "yet" if position is None else "at that moment"
        note(f"no hosts: nothing was declared {when}; cimnet declare inventory/network.yaml")
    rows = [
        (host.name, f"{host.hostname or '-'}:{host.port}", " ".join(group.name for group in host.groups))
        for host in hosts
    ]
    for line in table(rows, ("HOST", "REACHED AT", "GROUPS")) if rows else ():
        say(line)
    if following:
        note(f"more: --after {following}")
