"""`cimnet inventory`: hosts and groups as Nornir sees them."""

import click

from cimnet_nornir.cli.options import at_option, common_options, options_of
from cimnet_nornir.cli.output import note, print_json, say, table


@click.command("inventory", short_help="Show hosts and groups as Nornir sees them.")
@at_option
@common_options
@click.pass_context
def command(ctx: click.Context, at: str | None) -> None:
    """Show the hosts and groups that Nornir gets, now or as of any past moment.

    \b
    Examples:
      cimnet inventory
      cimnet inventory --limit group:role__access --json
      cimnet inventory --at 2026-11-23T08:00
    """
    from cimnet_nornir.bootstrap import open_inventory

    options = options_of(ctx)
    position = options.service.position(at)
    names = options.chosen(at=position)
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
        }
        print_json("inventory", content)
        return
    if not hosts:
        when = "yet" if position is None else "at that moment"
        note(f"no hosts: nothing was declared {when}; cimnet declare inventory/network.yaml")
    rows = [
        (host.name, f"{host.hostname or '-'}:{host.port}", " ".join(group.name for group in host.groups))
        for host in hosts
    ]
    for line in table(rows, ("HOST", "REACHED AT", "GROUPS")) if rows else ():
        say(line)
