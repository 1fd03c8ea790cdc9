"""`cimnet address`: pools, subnets out of them, and the addresses of subnets."""

import click

from cimnet_nornir.cli.address_pools import pool
from cimnet_nornir.cli.address_tables import address_rows, subnet_json, subnet_rows
from cimnet_nornir.cli.options import at_option, common_options, now_only, options_of
from cimnet_nornir.cli.output import note, print_json, say, table
from cimnet_nornir.cli.paging import next_of, page_options, page_through

_CHANGES = now_only("it changes what is taken, which only the present has")
_FOR = click.option("--for", "purpose", metavar="TEXT", default="", help="What it is for.")
_NAME = click.option("--name", metavar="NAME", help="A name by which the subnet can be meant.")
_OWNER = click.option("--owner", metavar="TEXT", default="", help="Whose it is: a person, a team.")


@click.group("address", short_help="Address pools: allocate subnets, assign addresses, see what is in use.")
@common_options
def command() -> None:
    """Allocate subnets out of pools, and assign their addresses to interfaces, containers and VMs.

    A subnet is meant by its prefix or by its name. What devices use is not handed out, and nothing twice.

    \b
    Examples:
      cimnet address pool add campus 10.0.0.0/8
      cimnet address allocate campus /24 --name web --for "shop servers" --vlan 100
      cimnet address assign web container web1
      cimnet address list
      cimnet address show web
    """


command.add_command(pool)


@command.command("allocate")
@click.argument("pool", metavar="POOL")
@click.argument("what", metavar="/LENGTH|PREFIX")
@_NAME
@_FOR
@_OWNER
@click.option("--vlan", type=int, metavar="N", help="The VLAN the subnet is for.")
@click.option("--gateway", metavar="ADDRESS", help="Its gateway: the first address unless told, or none.")
@_CHANGES
@common_options
@click.pass_context
def allocate(
    ctx: click.Context,
    pool: str,
    what: str,
    name: str | None,
    purpose: str,
    owner: str,
    vlan: int | None,
    gateway: str | None,
) -> None:
    """Allocate the first free subnet of a length out of a pool, or the one that is asked for, and print it.

    \b
    Examples:
      cimnet address allocate campus /24 --for "shop servers" --vlan 100
      cimnet address allocate campus 10.20.0.0/22 --name dmz --gateway 10.20.3.254
      cimnet address allocate links /31 --gateway none
    """
    options = options_of(ctx)
    length = _length(what)
    subnet = options.service.allocate_subnet(
        pool,
        length,
        subnet=None if length is not None else what,
        name=name,
        vlan=vlan,
        purpose=purpose,
        owner=owner,
        gateway=None if gateway == "none" else gateway,
        routed=gateway != "none",
    )
    found = options.service.subnet(subnet)
    if options.json:
        print_json("address-allocate", subnet_json(found))
        return
    say(str(subnet))
    if found.gateway is not None:
        note(f"its gateway is {found.gateway}")


def _length(what: str) -> int | None:
    """The prefix length that "/24" and "24" ask for; None for anything else, which is a prefix."""
    digits = what.removeprefix("/")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else None


@command.command("reserve")
@click.argument("pool", metavar="POOL")
@click.argument("subnet", metavar="PREFIX")
@_NAME
@_FOR
@_OWNER
@_CHANGES
@common_options
@click.pass_context
def reserve(ctx: click.Context, pool: str, subnet: str, name: str | None, purpose: str, owner: str) -> None:
    """Hold a subnet back, so that it is not allocated.

    \b
    Examples:
      cimnet address reserve campus 10.255.0.0/16 --for "the old site"
    """
    options = options_of(ctx)
    options.service.reserve_subnet(pool, subnet, name=name, purpose=purpose, owner=owner)
    found = options.service.subnet(subnet)
    if options.json:
        print_json("address-reserve", subnet_json(found))
        return
    say(f"{found.prefix} reserved")


@command.command("release")
@click.argument("subnet", metavar="SUBNET")
@click.argument("address", metavar="[ADDRESS]", required=False)
@_CHANGES
@common_options
@click.pass_context
def release(ctx: click.Context, subnet: str, address: str | None) -> None:
    """Release a subnet, or one address of it. A subnet whose addresses are in use is not released.

    \b
    Examples:
      cimnet address release web 10.0.0.2
      cimnet address release 10.0.0.0/24
    """
    options = options_of(ctx)
    if address is None:
        result = options.service.release_subnet(subnet)
    else:
        result = options.service.release_address(subnet, address)
    if options.json:
        print_json("address-release", {"subnet": subnet, "address": address, "request": str(result.correlation_id)})
        return
    say(f"{address or subnet} released")


@command.command("assign")
@click.argument("subnet", metavar="SUBNET")
@click.argument("owner", metavar="OWNER...", nargs=-1, required=True)
@click.option("--address", metavar="ADDRESS", help="This one; the next free one unless told.")
@_CHANGES
@common_options
@click.pass_context
def assign(ctx: click.Context, subnet: str, owner: tuple[str, ...], address: str | None) -> None:
    """Assign an address of a subnet to an owner, and print it.

    An owner is any text; "interface HOST NAME" is checked, and only an interface can have the gateway's address.

    \b
    Examples:
      cimnet address assign web container web1
      cimnet address assign web vm db --address 10.0.0.20
      cimnet address assign web interface r1 Vlan100 --address 10.0.0.1
    """
    options = options_of(ctx)
    given = options.service.assign_address(subnet, " ".join(owner), address=address)
    if options.json:
        print_json("address-assign", {"subnet": subnet, "address": str(given), "owner": " ".join(owner)})
        return
    say(str(given))


@command.command("list")
@click.argument("pool", metavar="[POOL]", required=False)
@page_options("PREFIX")
@at_option
@common_options
@click.pass_context
def list_(ctx: click.Context, pool: str | None, first: int | None, after: str | None, at: str | None) -> None:
    """List the subnets of a pool, or of all, in the order of their prefixes.

    \b
    Examples:
      cimnet address list
      cimnet address list campus --first 100 --after 10.0.99.0/24
      cimnet address list --at 2026-11-23 --json
    """
    options = options_of(ctx)
    position = options.service.position(at)
    # One more than is shown tells whether there are more.
    found = options.service.subnets(pool, first=None if first is None else first + 1, after=after, at=position)
    shown = found[:first]
    following = next_of(found, shown, lambda subnet: str(subnet.prefix))
    if options.json:
        print_json("address-list", {"at": position, "subnets": [*map(subnet_json, shown)], "next": following})
        return
    for line in subnet_rows(shown):
        say(line)
    if not shown:
        note("no subnet is allocated or reserved")
    elif following:
        which = f"{pool} " if pool else ""
        note(f"more: cimnet address list {which}--first {first} --after {following}" + (f" --at {at}" if at else ""))


@command.command("show")
@click.argument("subnet", metavar="SUBNET")
@page_options("ADDRESS")
@at_option
@common_options
@click.pass_context
def show(ctx: click.Context, subnet: str, first: int | None, after: str | None, at: str | None) -> None:
    """Show a subnet and whose its addresses are.

    \b
    Examples:
      cimnet address show web
      cimnet address show 10.0.0.0/24 --first 50 --json
    """
    options = options_of(ctx)
    position = options.service.position(at)
    found = options.service.subnet(subnet, position)
    everything = address_rows(found)
    shown = page_through(everything, lambda row: row[0], first=first, after=after)
    following = next_of(everything, shown, lambda row: row[0])
    if options.json:
        addresses = [{"address": address, "owner": owner} for address, owner in shown]
        print_json("address-show", {"at": position, **subnet_json(found), "addresses": addresses, "next": following})
        return
    for line in subnet_rows((found,)):
        say(line)
    for line in table(shown, ("ADDRESS", "OWNER")) if shown else ():
        say(line)
    if following:
        note(f"more: cimnet address show {subnet} --first {first} --after {following}" + (f" --at {at}" if at else ""))
