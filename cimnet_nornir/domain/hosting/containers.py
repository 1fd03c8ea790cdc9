"""What a command on a container network becomes: events and the commands for its switches, or a refusal."""

from collections.abc import Iterator

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.bundles import has_port
from cimnet_nornir.domain.hosting.attachments import attach_container
from cimnet_nornir.domain.hosting.decided import Asked, Decided, InUse, Segment, assigned, becoming, read_of, segment_of
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, ContainerNetworkEvent, HostedNetwork
from cimnet_nornir.domain.hosting.placement import find_uplink, hosted_networks, require_card, require_host
from cimnet_nornir.domain.hosting.ranges import RangePlan, lowest_free
from cimnet_nornir.domain.hosting.requirements import (
    label,
    refuse_in_use,
    require_apart,
    require_container_host,
    require_hosts,
)
from cimnet_nornir.domain.hosting.trunks import give_up
from cimnet_nornir.domain.hosting.values import (
    AddressRange,
    Bridge,
    ContainerNetworkSettings,
    ContainerNetworkWish,
    Driver,
    HostShare,
    HostWish,
    Macvlan,
    Overlay,
    Uplink,
)
from cimnet_nornir.domain.interfaces import linux_interface
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import (
    AlreadyExists,
    ContainerNetworkNotFound,
    InvalidValue,
    RuleViolated,
    SubnetOverlap,
)


def decide_container_network(network: Network, command: c.ContainerNetworkCommand, in_use: InUse) -> Decided:
    """The decision on one command. Raises a DomainError or InvalidValue, each with its subject.

    `in_use` says which addresses somebody has; nothing to change gives no event.
    """
    present = network.container_networks.get(command.name)
    if isinstance(command, c.CreateContainerNetwork):
        if present is not None:
            raise AlreadyExists(f"there is a container network {command.name!r} already", subject=command.name)
        return _create(network, command)
    if isinstance(command, c.RestoreContainerNetwork):
        return _restore(network, present, command)
    if present is None:
        raise ContainerNetworkNotFound(
            f"there is no container network {command.name!r} in network {network.name!r}", subject=command.name
        )
    return _decide_present(network, present, command, in_use)


def _decide_present(
    network: Network,
    present: ContainerNetwork,
    command: c.ChangeContainerNetwork | c.RemoveContainerNetwork | c.AttachContainer | c.DetachContainer,
    in_use: InUse,
) -> Decided:
    match command:
        case c.ChangeContainerNetwork():
            return _change(network, present, command.wish)
        case c.RemoveContainerNetwork():
            return _remove(network, present)
        case c.AttachContainer():
            return attach_container(present, command, in_use)
        case c.DetachContainer():
            there = command.container in present.containers
            return Decided((e.ContainerDetached(container=command.container),) if there else ())


# --- the network itself -----------------------------------------------------------------------------------------------


def _create(network: Network, command: c.CreateContainerNetwork) -> Decided:
    settings, segment = _settings(network, command.name, command.wish, None)
    made = ContainerNetwork(network.name, command.name, settings)
    return becoming(network, None, made, segment, _event)


def _change(network: Network, present: ContainerNetwork, wish: ContainerNetworkWish) -> Decided:
    settings, segment = _settings(network, present.name, wish, present)
    _refuse_stranded(present, settings)
    changed = ContainerNetwork(network.name, present.name, settings)
    return becoming(network, present, changed, segment, _event)


def _event(present: ContainerNetwork | None, wanted: ContainerNetwork) -> ContainerNetworkEvent:
    if present is None:
        return e.ContainerNetworkCreated(network=wanted.network, name=wanted.name, settings=wanted.settings)
    return e.ContainerNetworkChanged(settings=wanted.settings)


def _restore(network: Network, present: ContainerNetwork | None, command: c.RestoreContainerNetwork) -> Decided:
    """The network as it was. Its ranges may be taken by now; whether switches carry it is checked at the end."""
    settings = command.settings
    if present is not None and present.settings == settings:
        return Decided()
    require_apart(network, command.name, settings.subnet, settings.vlan)
    for _, other, owner in _taken_elsewhere(network, command.name, settings.vlan):
        for host, share in settings.hosts.items():
            if share.range.overlaps(other.range) or share.number == other.number:
                raise SubnetOverlap(f"{share.range} of {host} is taken by {owner}", subject=str(share.range))
    made = ContainerNetwork(network.name, command.name, settings)
    read = read_of(settings.hosts, made.uplinks, None)
    if present is not None:
        _refuse_stranded(present, settings)
    return Decided((_event(present, made),), (assigned(made),), read=read)


def _remove(network: Network, present: ContainerNetwork) -> Decided:
    refuse_in_use(f"{label(present)} has containers attached", present.name, sorted(present.containers))
    commands = [item for _, uplink in sorted(present.uplinks.items()) for item in give_up(network, present, uplink)]
    return Decided((e.ContainerNetworkRemoved(),), commands=tuple(commands))


def _refuse_stranded(present: ContainerNetwork, settings: ContainerNetworkSettings) -> None:
    """Containers keep host and address; a change that leaves one without is refused."""
    lost = [
        name
        for name, container in sorted(present.containers.items())
        if container.host not in settings.hosts
        or container.address not in settings.hosts[container.host].range
        or container.address == settings.gateway
    ]
    refuse_in_use(f"{label(present)} would lose host or address of containers", present.name, lost)


def _settings(
    network: Network, name: str, wish: ContainerNetworkWish, present: ContainerNetwork | None
) -> tuple[ContainerNetworkSettings, Segment]:
    require_hosts(name, wish.hosts)
    uplinks = _uplinks(network, wish)
    had = present.settings if present is not None and present.settings.vlan == wish.vlan else None
    asked = Asked(name, wish.subnet, wish.gateway, (had.pool, had.gateway) if had is not None else None)
    segment = segment_of(network, asked, wish.vlan, {uplink.switch for uplink in uplinks.values()})
    require_apart(network, name, segment.subnet, wish.vlan)
    settings = ContainerNetworkSettings(
        vlan=wish.vlan,
        driver=_driver(network, name, wish, uplinks),
        runtime=wish.runtime,
        subnet=segment.subnet,
        pool=segment.pool,
        gateway=segment.gateway,
        dns=wish.dns,
        hosts=_shares(network, name, wish, segment, uplinks),
    )
    return settings, segment


def _uplinks(network: Network, wish: ContainerNetworkWish) -> dict[str, Uplink]:
    """The uplink of each host where the network is on a VLAN."""
    if isinstance(wish.driver, Overlay):
        _check_overlay(wish)
    found = {}
    for identity, asked in sorted(wish.hosts.items()):
        host = require_host(network, identity)
        require_container_host(host)
        parent = wish.driver.parent if isinstance(wish.driver, Macvlan) else None
        if wish.vlan is not None:
            found[identity] = find_uplink(network, host, wish.vlan, asked.uplink or parent)
        elif parent is not None:
            require_card(host, parent)
    return found


def _check_overlay(wish: ContainerNetworkWish) -> None:
    if wish.vlan is not None:
        raise RuleViolated(
            "an overlay is tunnelled over IP and goes on no VLAN; leave vlan out", subject=str(wish.vlan)
        )
    if wish.runtime == "podman":
        raise RuleViolated("podman has no overlay networks; take docker, or a bridge on a VLAN", subject="podman")


# --- bridges and parents ----------------------------------------------------------------------------------------------


def default_bridge(name: str, vlan: int | None) -> str:
    """The bridge of a network that names none: `br-vlan100` on a VLAN, else `br-` and the network's name."""
    return f"br-vlan{vlan}" if vlan is not None else f"br-{name}"


def _driver(network: Network, name: str, wish: ContainerNetworkWish, uplinks: dict[str, Uplink]) -> Driver:
    match wish.driver:
        case Bridge():
            return _bridge(network, name, wish, wish.driver)
        case Macvlan():
            _check_parents(wish, wish.driver, uplinks)
            return wish.driver
        case Overlay():
            return wish.driver


def _bridge(network: Network, name: str, wish: ContainerNetworkWish, driver: Bridge) -> Bridge:
    try:
        bridge = driver.name or linux_interface(default_bridge(name, wish.vlan))
    except InvalidValue as error:
        raise InvalidValue(f"{error.message}; name a bridge for the network {name}", subject="bridge") from error
    for identity in wish.hosts:
        if has_port(network.devices[identity], network.devices[identity].ports, bridge):
            raise AlreadyExists(f"{bridge} is a network card of {network.devices[identity].name}", subject=bridge)
        for other in hosted_networks(network):
            if _needs_other(other, name, wish.vlan, bridge) and identity in other.settings.hosts:
                host = network.devices[identity].name
                raise AlreadyExists(f"{label(other)} has the bridge {bridge} on {host} already", subject=bridge)
    return driver.model_copy(update={"name": bridge})


def _needs_other(other: HostedNetwork, name: str, vlan: int | None, bridge: str) -> bool:
    """Whether another network has the bridge for itself. Virtual machines join containers of their VLAN on one."""
    if isinstance(other, ContainerNetwork):
        driver = other.settings.driver
        return other.name != name and isinstance(driver, Bridge) and driver.name == bridge
    return getattr(other.settings.kind, "bridge", None) == bridge and other.settings.vlan != vlan


def _check_parents(wish: ContainerNetworkWish, driver: Macvlan, uplinks: dict[str, Uplink]) -> None:
    """Macvlan takes a VLAN from a sub-interface, eno1.100, which the kernel must be able to name."""
    if wish.vlan is None and driver.parent is None:
        raise RuleViolated("a macvlan network without a VLAN needs its parent; name a network card", subject="parent")
    for uplink in uplinks.values():
        linux_interface(f"{uplink.interface}.{wish.vlan}")


# --- ranges -----------------------------------------------------------------------------------------------------------


def _shares(
    network: Network, name: str, wish: ContainerNetworkWish, segment: Segment, uplinks: dict[str, Uplink]
) -> dict[str, HostShare]:
    """Each host's range: the one it has, the one asked for, or the next free one; hosts in the order of their ids."""
    own = network.container_networks.get(name)
    had = own.settings.hosts if own is not None and own.settings.vlan == wish.vlan else {}
    others = list(_taken_elsewhere(network, name, wish.vlan))
    numbers = {share.number for _, share, _ in others} | {share.number for share in had.values()}
    taken = [(share.range, owner) for _, share, owner in others]
    shares: dict[str, HostShare] = {}
    kept = frozenset(found.address.ip for found in segment.interfaces)
    # Those that are fixed come first: nobody is to be given what another has or asks for.
    fixed = {host: _fixed(asked, had.get(host), segment) for host, asked in sorted(wish.hosts.items())}
    for host in sorted(fixed, key=lambda host: (fixed[host] is None, host)):
        plan = RangePlan(segment.subnet, segment.pool, segment.gateway, kept, tuple(taken))
        chosen = fixed[host] or plan.choose()
        plan.check(chosen, network.devices[host].name)
        number = had[host].number if host in had and had[host].range == chosen else lowest_free(numbers)
        numbers.add(number)
        taken.append((chosen, network.devices[host].name))
        shares[host] = HostShare(range=chosen, number=number, uplink=uplinks.get(host))
    return dict(sorted(shares.items()))


def _fixed(asked: HostWish, had: HostShare | None, segment: Segment) -> AddressRange | None:
    if asked.range is not None:
        return asked.range
    keeps = had is not None and had.range.inside(segment.pool) and segment.gateway not in had.range
    return had.range if had is not None and keeps else None


def _taken_elsewhere(network: Network, name: str, vlan: int | None) -> Iterator[tuple[str, HostShare, str]]:
    """The ranges of other container networks on the same VLAN; without one, of the others without one."""
    for other in sorted(network.container_networks.values(), key=lambda other: other.name):
        if other.name != name and other.settings.vlan == vlan:
            for host, share in other.settings.hosts.items():
                yield (
                    host,
                    share,
                    f"{network.devices[host].name} in {label(other)}" if host in network.devices else host,
                )
