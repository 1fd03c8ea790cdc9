"""What routing processes have in common: routes from elsewhere, filters, interfaces on which they are silent."""

from cimnet_nornir.ios.rules.model import How, Owner, Rule

ONE_COST = ("metric _", "metric-type _")
EXTERNAL = (*ONE_COST, "subnets", "tag _", "route-map _")

DISTRIBUTE = Rule(
    "distribute-list",
    r"distribute-list (?:prefix \S+|route-map \S+|\S+) (?P<key>(?:in|out)(?: .+)?)",
    single=True,
    owner=Owner.OBJECT,
    order=28,
    undo_order=42,
)


def redistribute(protocol: str, options: tuple[str, ...], how: How) -> tuple[Rule, ...]:
    """The rule of routes from another protocol; `how` says how its options are taken back."""
    rule = Rule(
        f"{protocol} redistribute",
        r"(?P<head>redistribute (?P<key>(?:bgp|ospf|eigrp|isis) \S+|\S+))(?: .+)?",
        single=True,
        undo="no {head}",
        order=40,
        options=options,
        idle=("metric-type 2",),
        how=how,
    )
    return (rule,)


def passive_rules(protocol: str, *, undo_order: int) -> tuple[Rule, ...]:
    """A default that does not change is never typed again, and exceptions come at once after it: neighbours stay."""
    return (
        # Setting or clearing the default makes the device forget the interfaces named one by one.
        Rule(
            f"{protocol} passive default",
            r"passive-interface default",
            order=10,
            undo_order=10,
            clears=r"(?:no )?passive-interface (?!default).+",
        ),
        Rule(
            f"{protocol} passive",
            r"(?:no )?passive-interface (?P<key>\S+)",
            single=True,
            order=12,
            undo_order=undo_order,
        ),
    )
