"""The DHCP server (IOS IP Addressing Services command reference)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import Owner, Rule

TOP_RULES = (
    # Before the pools, so that none of these addresses is given out in between.
    Rule(
        "dhcp excluded",
        r"ip dhcp excluded-address .+",
        owner=Owner.FAMILY,
        order=phases.SERVICE - 1,
        undo_order=phases.SERVICE + 1,
    ),
    Rule(
        "dhcp pool",
        r"ip dhcp pool (?P<key>\S+)",
        owner=Owner.OBJECT,
        order=phases.SERVICE,
        undo_order=phases.SERVICE,
        opens="dhcp pool",
        hazard="no ip dhcp pool {key}: its leases are forgotten",
    ),
)

# A pool is for a network or for one host: the one goes before the other comes, and the host's identifier before it.
POOL_RULES = (
    Rule("pool vrf", r"vrf \S+", single=True, undo="no vrf", order=1, undo_order=8),
    Rule("pool identifier", r"(?P<key>client-identifier|hardware-address) .+", single=True, order=12, undo_order=4),
    Rule("pool network", r"network \S+ \S+", single=True, order=10, undo_order=6),
    Rule("pool host", r"host \S+ \S+", single=True, order=10, undo_order=6),
    Rule(
        "pool option",
        r"(?P<key>option \d+(?: instance \d+)?) .+",
        single=True,
        undo="no {key}",
        order=30,
    ),
    Rule(
        "pool setting",
        r"(?P<key>default-router|dns-server|domain-name|lease|bootfile|next-server|netbios-name-server"
        r"|netbios-node-type|client-name) .+",
        single=True,
        undo="no {key}",
        order=20,
        default=r"lease 1",
    ),
)
