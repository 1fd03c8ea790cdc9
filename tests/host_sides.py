"""Hypothesis strategies for what servers have: names that mean something to Nix and to systemd, and collisions."""

from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Literal

from hypothesis import strategies as st

from cimnet_nornir.application.host_parts import (
    HostBond,
    HostBridge,
    HostContainerNetwork,
    HostInterface,
    HostSide,
    HostVlan,
    HostVxlan,
)
from cimnet_nornir.domain.hosting.values import AddressRange, Bridge, Macvlan

Mode = Literal["802.3ad", "active-backup", "balance-xor"]
# Texts of people: quotes, what starts an expression of Nix, ends a line or a section, or joins two lines.
TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.text(
    alphabet="${}\"\\\n '[]=#;%a", max_size=8
)
# Names that Linux takes, strange ones among them; few, so that some meet.
CARDS = st.sampled_from(["eno1", "eno2", "eno3", "enp129s0f0np0", "${x}", "a'''b", 'q"', "x;#", "or"])
VLAN_IDS = st.integers(1, 4094) | st.sampled_from([100, 200])
ADDRESSES = st.builds(
    IPv4Interface, st.tuples(st.integers(0x0A000001, 0x0A0000FF), st.integers(8, 32)) | st.just("10.0.0.1/24")
)
DRIVERS: st.SearchStrategy[Bridge | Macvlan] = st.sampled_from([Bridge(), Macvlan()])
MODES: st.SearchStrategy[Mode] = st.sampled_from(["802.3ad", "active-backup", "balance-xor"])
GATEWAYS = st.none() | st.just(IPv4Address("10.0.0.1"))
MTUS = st.none() | st.integers(1280, 9216)


@st.composite
def container_networks(draw: st.DrawFn, interfaces: list[str]) -> HostContainerNetwork:
    addresses = AddressRange(first=IPv4Address("10.0.0.32"), last=IPv4Address("10.0.0.63"))
    return HostContainerNetwork(
        draw(TEXTS),
        "podman",
        draw(DRIVERS),
        draw(st.sampled_from(interfaces)),
        draw(st.none() | VLAN_IDS),
        IPv4Network("10.0.0.0/24"),
        IPv4Address("10.0.0.1"),
        addresses,
    )


@st.composite
def bonds(draw: st.DrawFn) -> tuple[HostBond, ...]:
    """Up to two bonds; what is left over of the cards carries VLANs."""
    members = draw(st.lists(CARDS, unique=True, max_size=3))
    return (HostBond("bond0", tuple(members), draw(MODES)),) if members else ()


def vlan_interfaces(uplinks: list[str]) -> st.SearchStrategy[list[HostVlan]]:
    made = st.builds(lambda vlan, uplink: HostVlan(vlan, uplink, f"vlan{vlan}"), VLAN_IDS, st.sampled_from(uplinks))
    return st.lists(made, max_size=4, unique_by=lambda each: each.vlan)


@st.composite
def bridges(draw: st.DrawFn, ports: list[str]) -> tuple[HostBridge, ...]:
    """Bridges of VLAN interfaces, each in one at most, and one that leads nowhere."""
    inside = draw(st.lists(st.sampled_from(ports), unique=True, max_size=3)) if ports else []
    return tuple(
        HostBridge(
            f"br-{port or 'local'}",
            port,
            tuple(draw(st.lists(ADDRESSES, max_size=1))),
            draw(MTUS),
            tuple(draw(st.lists(TEXTS, max_size=2))),
            draw(GATEWAYS),
        )
        for port in (*inside, *draw(st.sampled_from([(), (None,)])))
    )


@st.composite
def host_sides(draw: st.DrawFn) -> HostSide:
    """Servers of any shape. Some no Linux can have: `refuse_impossible` tells which."""
    bound = draw(bonds())
    taken = {member for bond in bound for member in bond.members}
    free = [card for card in ("eno1", "eno2", "eno3", "${x}", 'q"', "or") if card not in taken]
    vlans = draw(vlan_interfaces([*free, *(bond.name for bond in bound)]))
    bridged = draw(bridges([vlan.name for vlan in vlans]))
    names = [*free, *taken, *(vlan.name for vlan in vlans), *(bond.name for bond in bound)]
    own = draw(
        st.lists(
            st.builds(HostInterface, st.sampled_from(names), st.tuples(ADDRESSES), GATEWAYS, MTUS, st.none() | TEXTS),
            max_size=2,
        )
    )
    tunnels = draw(
        st.lists(
            st.builds(
                lambda vni, bridge, remotes: HostVxlan(
                    f"vx{vni}", vni, bridge.name, IPv4Address("192.0.2.1"), tuple(remotes)
                ),
                st.integers(1, 2**24 - 1),
                st.sampled_from(bridged),
                st.lists(st.ip_addresses(v=4), unique=True, max_size=3),
            ),
            max_size=2,
        )
        if bridged
        else st.just([])
    )
    hosted = draw(st.lists(container_networks([*names, *(each.name for each in bridged)]), max_size=2))
    return HostSide(
        draw(TEXTS),
        draw(TEXTS),
        (),
        tuple(vlans),
        bridged,
        bound,
        tuple({each.name: each for each in own}.values()),
        tuple(tunnels),
        tuple(hosted),
        vlan_aware=draw(st.booleans()),
    )
