"""Whatever is asked of a network, in whatever order: rules hold, and its events alone rebuild it exactly."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Interface, IPv4Network
from itertools import combinations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.bundles import bundles_of
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.domain.handles import Active, Planned, Provisioning
from cimnet_nornir.domain.hosting.values import (
    Bridged,
    ContainerNetworkWish,
    ContainerWish,
    HostWish,
    Internal,
    Nat,
    VmNetworkWish,
    VmWish,
)
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, HostInterfaceConfiguration, RoutedInterface, TrunkMode
from cimnet_nornir.errors import DomainError, InvalidValue
from cimnet_nornir.store import open_store

SWITCHES, ROUTERS, SERVERS = ("sw1", "sw2", "sw3"), ("r1",), ("h1", "h2")
DEVICES = (*SWITCHES, *ROUTERS, *SERVERS)
SWITCH_PORTS = tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 5))
ROUTER_PORTS = ("GigabitEthernet0/0/0", "GigabitEthernet0/0/1")
CARDS = ("eno1", "eno2")
PORTS = {
    **dict.fromkeys(SWITCHES, SWITCH_PORTS),
    **dict.fromkeys(ROUTERS, ROUTER_PORTS),
    **dict.fromkeys(SERVERS, CARDS),
}
ENDS = st.sampled_from([f"{device} {port}" for device, ports in PORTS.items() for port in ports])
VLANS = st.sampled_from((10, 20))
SWITCH = st.sampled_from(SWITCHES)
SOME_SWITCHES = st.none() | st.lists(SWITCH, min_size=1, unique=True)
SERVER = st.sampled_from(SERVERS)
NAME = st.sampled_from(("web", "db"))
OWN_SUBNETS = st.sampled_from((IPv4Network("10.9.0.0/24"), IPv4Network("10.9.0.0/25")))
KINDS = (Bridged(), Nat(subnet=IPv4Network("192.168.122.0/24")), Internal())
GUEST = st.sampled_from(("one", "two", "three"))


class NetworkMachine(RuleBasedStateMachine):
    """Everything that can be asked is asked by the facade, on a store; what a rule refuses changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.store = open_store("memory:", EVENT_TYPES, roots=ROOT_TYPES)
        self.service = NetworkService(self.store)
        self._begin()

    def _begin(self) -> None:
        """Half a network, so that little has to come together before things meet."""
        self.service.create_network("net", "10.0.0.0/16")
        for name in DEVICES[:-1]:
            self.add_device(name)
        for number, name in enumerate(("sw2", "sw3"), start=1):
            self.service.connect(f"sw1 {SWITCH_PORTS[number]}", f"{name} {SWITCH_PORTS[0]}")
        self.service.connect(f"sw2 {SWITCH_PORTS[3]}", f"h1 {CARDS[0]}")
        self.service.create_vlan(10)
        self.configure_interface("sw1", 10, 1)
        self.container_network("web", 10, None, ["h1"], change=False)
        self.vm_network("db", 10, Bridged(), "h1")
        self.begun = self.store.head()

    def teardown(self) -> None:
        report = self.store.verify()
        self.store.close()
        assert report.ok, report.problems

    def ask(self, what: Callable[[], object]) -> None:
        """Ask; a refusal must be the domain's (never the store's), one line, and leave the log as it was."""
        before = self.store.head()
        try:
            what()
        except (DomainError, InvalidValue) as error:
            refusal = error
        else:
            return
        assert self.store.head() == before
        assert len(refusal.message.splitlines()) == 1

    # --- devices and cables -------------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(DEVICES))
    def add_device(self, name: str) -> None:
        if name in SWITCHES:
            self.ask(lambda: self.service.add_switch(name, ports=len(SWITCH_PORTS), routing=name == "sw1"))
        elif name in ROUTERS:
            self.ask(lambda: self.service.add_router(name, ports=len(ROUTER_PORTS)))
        else:
            self.ask(lambda: self.service.add_host(name, ports=CARDS))

    @rule(name=st.sampled_from(("sw3", "r1", "h1", "h2")))
    def remove_device(self, name: str) -> None:
        self.ask(lambda: self.service.remove_device(name))

    @rule(a=ENDS, b=ENDS)
    def connect(self, a: str, b: str) -> None:
        self.ask(lambda: self.service.connect(a, b))

    @precondition(lambda self: self.network.links)
    @rule(data=st.data())
    def disconnect(self, data: st.DataObject) -> None:
        link = data.draw(st.sampled_from(sorted(self.network.links)))
        self.ask(lambda: self.service.disconnect(" ".join(link.a), " ".join(link.b)))

    # --- switching ----------------------------------------------------------------------------------------------------

    @rule(vlan=VLANS, on=SOME_SWITCHES)
    def create_vlan(self, vlan: int, on: list[str] | None) -> None:
        self.ask(lambda: self.service.create_vlan(vlan, on=on))

    @rule(vlan=VLANS, on=SOME_SWITCHES)
    def remove_vlan(self, vlan: int, on: list[str] | None) -> None:
        self.ask(lambda: self.service.remove_vlan(vlan, on=on))

    @rule(switch=SWITCH, port=st.sampled_from(SWITCH_PORTS), vlan=VLANS)
    def configure_port(self, switch: str, port: str, vlan: int) -> None:
        self.ask(lambda: self.service.configure_port(switch, port, vlan=vlan))

    @rule(switch=SWITCH, port=st.sampled_from(SWITCH_PORTS), allowed=st.none() | st.frozensets(VLANS))
    def configure_trunk(self, switch: str, port: str, allowed: frozenset[int] | None) -> None:
        self.ask(lambda: self.service.configure_trunk(switch, port, allowed=allowed))

    @rule(switch=SWITCH, port=st.sampled_from(SWITCH_PORTS))
    def reset_port(self, switch: str, port: str) -> None:
        self.ask(lambda: self.service.reset_port(switch, port))

    @rule(switch=SWITCH, members=st.lists(st.sampled_from(SWITCH_PORTS), unique=True, min_size=1, max_size=2))
    def configure_port_channel(self, switch: str, members: list[str]) -> None:
        self.ask(lambda: self.service.configure_port_channel(switch, 1, members))

    @rule(switch=SWITCH)
    def remove_port_channel(self, switch: str) -> None:
        self.ask(lambda: self.service.remove_port_channel(switch, 1))

    @rule(switch=SWITCH, allowed=st.none() | st.frozensets(VLANS))
    def configure_the_trunk_of_a_port_channel(self, switch: str, allowed: frozenset[int] | None) -> None:
        self.ask(lambda: self.service.configure_trunk(switch, "Po1", allowed=allowed))

    @rule(host=SERVER, members=st.lists(st.sampled_from(CARDS), unique=True, min_size=1))
    def configure_bond(self, host: str, members: list[str]) -> None:
        self.ask(lambda: self.service.configure_bond(host, "bond0", members))

    @rule(host=SERVER)
    def remove_bond(self, host: str) -> None:
        self.ask(lambda: self.service.remove_bond(host, "bond0"))

    # --- addresses ----------------------------------------------------------------------------------------------------

    @rule(device=st.sampled_from((*SWITCHES, *ROUTERS)), vlan=VLANS, last=st.sampled_from((1, 1, 2)))
    def configure_interface(self, device: str, vlan: int, last: int) -> None:
        interface = f"Vlan{vlan}" if device in SWITCHES else ROUTER_PORTS[0]
        routed = RoutedInterface(addresses=(IPv4Interface(f"10.0.{vlan}.{last}/24"),))
        asked = c.ConfigureRouterInterface(device=device, interface=interface, configuration=routed)
        self.ask(lambda: self.service.execute(asked))

    @rule(device=st.sampled_from((*SWITCHES, *ROUTERS)), vlan=VLANS)
    def remove_interface(self, device: str, vlan: int) -> None:
        interface = f"Vlan{vlan}" if device in SWITCHES else ROUTER_PORTS[0]
        self.ask(lambda: self.service.execute(c.RemoveRouterInterface(device=device, interface=interface)))

    @rule(host=SERVER, card=st.sampled_from((*CARDS, "lo")), vlan=VLANS, last=st.sampled_from((1, 2, 3)))
    def configure_card(self, host: str, card: str, vlan: int, last: int) -> None:
        own = HostInterfaceConfiguration(addresses=(IPv4Interface(f"10.0.{vlan}.{last}/24"),))
        self.ask(lambda: self.service.execute(c.ConfigureHostInterface(device=host, interface=card, configuration=own)))

    @rule(host=SERVER, card=st.sampled_from(CARDS))
    def remove_card_address(self, host: str, card: str) -> None:
        self.ask(lambda: self.service.execute(c.RemoveHostInterface(device=host, interface=card)))

    @rule(length=st.sampled_from((18, 20, 24, 30)))
    def allocate(self, length: int) -> None:
        self.ask(lambda: self.service.allocate_subnet("net", length))

    @precondition(lambda self: self.service.subnets())
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        subnet = data.draw(st.sampled_from([str(view.prefix) for view in self.service.subnets()]))
        self.ask(lambda: self.service.release_subnet(subnet))

    @precondition(lambda self: self.service.subnets())
    @rule(data=st.data(), owner=GUEST)
    def assign(self, data: st.DataObject, owner: str) -> None:
        subnet = data.draw(st.sampled_from([str(view.prefix) for view in self.service.subnets()]))
        self.ask(lambda: self.service.assign_address(subnet, owner))

    # --- containers and virtual machines ------------------------------------------------------------------------------

    @rule(
        name=NAME,
        vlan=st.none() | VLANS,
        subnet=st.none() | OWN_SUBNETS,
        hosts=st.lists(SERVER, min_size=1, unique=True),
        change=st.booleans(),
    )
    def container_network(
        self, name: str, vlan: int | None, subnet: IPv4Network | None, hosts: list[str], *, change: bool
    ) -> None:
        wish = ContainerNetworkWish(vlan=vlan, subnet=subnet, hosts={host: HostWish() for host in hosts})
        kind = c.ChangeContainerNetwork if change else c.CreateContainerNetwork
        self.ask(lambda: self.service.execute(kind(name=name, wish=wish)))

    @rule(name=NAME)
    def remove_container_network(self, name: str) -> None:
        self.ask(lambda: self.service.execute(c.RemoveContainerNetwork(name=name)))

    @rule(name=NAME, container=GUEST, host=SERVER)
    def attach_container(self, name: str, container: str, host: str) -> None:
        asked = c.AttachContainer(name=name, container=container, wish=ContainerWish(host=host))
        self.ask(lambda: self.service.execute(asked))

    @rule(name=NAME, container=GUEST)
    def detach_container(self, name: str, container: str) -> None:
        self.ask(lambda: self.service.execute(c.DetachContainer(name=name, container=container)))

    @rule(name=NAME, vlan=st.none() | VLANS, kind=st.sampled_from(KINDS), host=SERVER)
    def vm_network(self, name: str, vlan: int | None, kind: Bridged | Nat | Internal, host: str) -> None:
        asked = c.CreateVmNetwork(name=name, wish=VmNetworkWish(kind=kind, vlan=vlan, hosts={host: None}))
        self.ask(lambda: self.service.execute(asked))

    @rule(name=NAME, vm=GUEST, host=SERVER)
    def attach_vm(self, name: str, vm: str, host: str) -> None:
        self.ask(lambda: self.service.execute(c.AttachVm(name=name, vm=vm, wish=VmWish(host=host))))

    # --- life and time ------------------------------------------------------------------------------------------------

    @rule(name=SWITCH)
    def provision(self, name: str) -> None:
        self.ask(lambda: self.service.switch(name).expect(Planned).start_provisioning())

    @rule(name=SWITCH)
    def commission_or_retire(self, name: str) -> None:
        self.ask(lambda: self.service.switch(name).expect(Provisioning).commission())
        self.ask(lambda: self.service.switch(name).expect(Active).start_decommissioning())

    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        """Rules may refuse to go back (an address in a pool is another's now); where they do not, all is as then."""
        head = self.store.head()
        moment = data.draw(st.integers(max(self.begun, head - 12), head))
        then = self.service.intent(moment).network
        try:
            self.service.rollback(moment)
        except DomainError:
            return
        assert told(self.network) == told(then)

    # --- what always holds --------------------------------------------------------------------------------------------

    @property
    def network(self) -> Network:
        return self.service.network()

    @invariant()
    def events_alone_rebuild_it(self) -> None:
        """A fold from the first event on is what is kept, and what the inventory shows."""
        assert told(self.service.intent(self.store.head()).network) == told(self.network)
        assert {host.name for host in self.service.hosts()} == {each.name for each in self.network.devices.values()}

    @invariant()
    def names_and_addresses_are_unique(self) -> None:
        alone([device.name.lower() for device in self.network.devices.values()])
        alone(
            [
                *(
                    item.ip
                    for device in self.network.devices.values()
                    for routed in device.interfaces.values()
                    for item in routed.addresses
                ),
                *(it.address for net in self.network.container_networks.values() for it in net.containers.values()),
                *(it.address for net in self.network.vm_networks.values() for it in net.vms.values() if it.address),
                *(address for subnet in self.service.subnets() for address, _ in subnet.addresses),
            ]
        )

    @invariant()
    def cables_end_in_ports_of_their_own(self) -> None:
        ends = [end for link in self.network.links for end in (link.a, link.b)]
        alone(ends)
        assert all(port in self.network.devices[device].ports for device, port in ends)

    @invariant()
    def members_are_ports_that_do_nothing_by_themselves(self) -> None:
        for device in self.network.devices.values():
            members = [port for _, ports in bundles_of(device) for port in ports]
            alone(members)
            assert set(members) <= set(device.ports)
            told_of = [port for port in members if port in device.switch_ports]
            assert all(device.switch_ports[port].switching is None for port in told_of)

    @invariant()
    def vlans_in_use_are_there(self) -> None:
        for device in self.network.devices.values():
            for port in device.switch_ports.values():
                match port.switching:
                    case AccessMode(vlan=used) | TrunkMode(native_vlan=used):
                        assert used == 1 or used in device.vlans
                    case None:
                        pass
            for name in device.interfaces:
                assert not name.startswith("Vlan") or int(name.removeprefix("Vlan")) in device.vlans

    @invariant()
    def subnets_of_a_pool_never_overlap(self) -> None:
        prefixes = [view.prefix for view in self.service.subnets()]
        assert not any(one.overlaps(other) for one, other in combinations(prefixes, 2))

    @invariant()
    def hosts_share_no_address(self) -> None:
        """Ranges are disjoint, containers have addresses of their host's, and the switch carries the VLAN."""
        networks = tuple(self.network.container_networks.values())
        shares = [(net, host, share) for net in networks for host, share in net.settings.hosts.items()]
        for (one, _, a), (other, _, b) in combinations(shares, 2):
            apart = one.name != other.name and not one.settings.subnet.overlaps(other.settings.subnet)
            assert apart or not a.range.overlaps(b.range)
        for net, host, share in shares:
            assert host in self.network.devices
            assert net.settings.gateway not in share.range
            own = self.network.devices[host].interfaces
            behind = net.settings.subnet if net.settings.vlan is None else None
            subnets = [it.network for card in own.values() for it in card.addresses]
            assert behind is None or not any(subnet.overlaps(behind) for subnet in subnets)
            if share.uplink is not None and net.settings.vlan is not None:
                assert share.uplink.interface not in own or not own[share.uplink.interface].addresses
                switch = self.network.devices[share.uplink.switch]
                mode = switch.switch_ports[share.uplink.port].switching
                assert net.settings.vlan in switch.vlans
                assert isinstance(mode, TrunkMode)
                assert mode.allowed is None or net.settings.vlan in mode.allowed
        for net in networks:
            assert all(it.address in net.settings.hosts[it.host].range for it in net.containers.values())
            alone([it.mac for it in net.containers.values()])

    @invariant()
    def nothing_is_reserved_that_nobody_has(self) -> None:
        """The table of unique keys says what the streams say: not a key more, none less."""
        stored = {key for key in self.store.reservations() if key.startswith(("name:net/", "address:net/"))}
        names = {f"name:net/{device.name.lower()}" for device in self.network.devices.values()}
        assert {key for key in stored if key.startswith("name:")} == names


def alone(things: Iterable[object]) -> None:
    listed = list(things)
    assert len(set(listed)) == len(listed), listed


def told(network: Network) -> object:
    """All of a network in a form that compares."""
    devices = {name: network.devices[name] for name in sorted(network.devices)}
    return devices, network.links, network.container_networks, network.vm_networks


NetworkMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=35)
TestNetworkMachine = NetworkMachine.TestCase
