"""`cimnet address pool`: the pools themselves."""

from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.options import at_option, common_options, now_only, options_of
from cimnet_nornir.cli.output import note, print_json, say, table

if TYPE_CHECKING:
    from cimnet_nornir.application.addressing import PoolView

_CHANGES = now_only("it changes the pools, which only the present has")


@click.group("pool", short_help="The pools: add, list, remove.")
@common_options
def pool() -> None:
    """Add a pool, out of which subnets are allocated; list pools with what is in use; remove one.

    \b
    Examples:
      cimnet address pool add campus 10.0.0.0/8 --for "the whole campus"
      cimnet address pool list
    """


@pool.command("add")
@click.argument("name", metavar="NAME")
@click.argument("prefix", metavar="PREFIX")
@click.option("--for", "purpose", metavar="TEXT", default="", help="What it is for.")
@_CHANGES
@common_options
@click.pass_context
def add(ctx: click.Context, name: str, prefix: str, purpose: str) -> None:
    """Add a pool of a prefix, IPv4 or IPv6. Pools of a network do not overlap.

    \b
    Examples:
      cimnet address pool add campus 10.0.0.0/8
      cimnet address pool add v6 2001:db8::/32
    """
    options = options_of(ctx)
    options.service.create_pool(name, prefix, purpose=purpose)
    if options.json:
        print_json("address-pool-add", {"pool": name, "prefix": prefix, "purpose": purpose})
        return
    say(f"pool {name} of {prefix} added")
    note(f"next: cimnet address allocate {name} /LENGTH")


@pool.command("remove")
@click.argument("name", metavar="NAME")
@_CHANGES
@common_options
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    """Remove a pool of which nothing is allocated or reserved.

    \b
    Examples:
      cimnet address pool remove campus
    """
    options = options_of(ctx)
    options.service.remove_pool(name)
    if options.json:
        print_json("address-pool-remove", {"pool": name})
        return
    say(f"pool {name} removed")


@pool.command("list")
@at_option
@common_options
@click.pass_context
def list_(ctx: click.Context, at: str | None) -> None:
    """List the pools with what is in use of them.

    \b
    Examples:
      cimnet address pool list
      cimnet address pool list --json
    """
    options = options_of(ctx)
    position = options.service.position(at)
    found = options.service.pools(position)
    if options.json:
        print_json("address-pool-list", {"at": position, "pools": [*map(_json, found)]})
        return
    for line in table([_row(each) for each in found], _HEADINGS) if found else ():
        say(line)
    if not found:
        note("there is no pool; cimnet address pool add NAME PREFIX")


_HEADINGS = ("POOL", "PREFIX", "SUBNETS", "ADDRESSES", "IN USE", "LARGEST FREE", "FOR")


def _row(pool: "PoolView") -> tuple[str, ...]:
    use = pool.utilisation
    largest = "-" if use.largest is None else f"/{use.largest}"
    share = f"{use.share:.1%}"
    return pool.name, str(pool.prefix), str(use.subnets), str(use.assigned), share, largest, pool.purpose or "-"


def _json(pool: "PoolView") -> dict[str, object]:
    use = pool.utilisation
    return {
        "pool": pool.name,
        "prefix": str(pool.prefix),
        "purpose": pool.purpose,
        "addresses": use.addresses,
        "allocated": use.allocated,
        "reserved": use.reserved,
        "free": use.free,
        "largest_free": use.largest,
        "subnets": use.subnets,
        "assigned": use.assigned,
    }
