"""Reads a configuration in: readers draft a device, rendering proves them right, and the rest is adopted as it is.

A line counts as owned only where the rendered draft has it. A setting that would bring a line which is not running was
misread, and is dropped. Whatever is left becomes blocks, word for word, so that nothing is lost and nothing changes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.fitting import fitting
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.reading import Reading
from cimnet_nornir.domain.values import DeviceKind, PortConfiguration, RoutedInterface
from cimnet_nornir.errors import InvalidValue, RenderError
from cimnet_nornir.ios.generator import IosGenerator
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import Profile, profile_for
from cimnet_nornir.ios.reading import kinds
from cimnet_nornir.ios.reading.adopting import adopt, classified
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.hardware import ports_of
from cimnet_nornir.ios.references import Resolver, revealed
from cimnet_nornir.ios.remediation import remediate
from cimnet_nornir.ios.rules.table import rule_for
from cimnet_nornir.ios.steps import section_kind
from cimnet_nornir.ios.tree import Config, parse_config, walk

Reader = Callable[[Config, Draft], None]

AREAS = (
    "identity",
    "interfaces",
    "vrf",
    "system",
    "access",
    "aaa",
    "lines",
    "switching",
    "switch_settings",
    "private_vlans",
    "spanning_tree",
    "security",
    "ospf",
    "ospfv3",
    "eigrp",
    "eigrp_named",
    "rip",
    "routes",
    "services",
    "snmp",
    "tracking",
    "dhcp",
    "interface_settings",
    "ipv6",
    "first_hop",
    "vrrp_v3",
    "tunnels",
    "nat",
    "access_lists",
    "access_groups",
    "route_maps",
    "qos",
    "bgp",
)
"""Modules of this room, in this order: interfaces are there when what is said of them is read."""


def readers() -> tuple[Reader, ...]:
    """What reads each area."""
    return tuple(import_module(f"cimnet_nornir.ios.reading.{area}").read for area in AREAS)


# A misread base part can hide another; each round drops what is wrong, and there are few parts.
_MOST_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class _Source:
    """A configuration as text, tree and normalised, with what renders a device again."""

    tree: Config
    running: Config
    profile: Profile
    generator: IosGenerator

    def rendered(self, draft: Draft) -> Config:
        text = revealed(self.generator.generate(draft.device, _alone(draft.device)), draft.secrets.get)
        return normalise(parse_config(text), self.profile)

    def lines_of(self, draft: Draft, identity: str) -> frozenset[Path]:
        setting = draft.device.features[identity]
        text = revealed(self.generator.setting_lines(draft.device, setting), draft.secrets.get)
        return frozenset(walk(normalise(parse_config(text), self.profile)))


def read_configuration(
    text: str,
    generator: IosGenerator,
    *,
    name: str,
    details: DeviceDetails,
    place: str,
    kept: Resolver = lambda _: None,
) -> Reading:
    """The intent that a configuration expresses.

    `name` is the device's where the configuration has no host name; `place` is what references to secrets that are
    moved out begin with; `kept` finds what stands behind a reference already, which keeps its value.
    Raises ConfigurationError where the text cannot be read, RenderError where the templates fail.
    """
    tree = parse_config(text)
    is_switch, does_route = kinds.switches(tree), kinds.routes(tree)
    profile = profile_for(details.platform, routes=does_route, switches=is_switch, model=details.model)
    source = _Source(tree, normalise(tree, profile), profile, generator)
    kind = DeviceKind.SWITCH if is_switch else DeviceKind.ROUTER
    device = Device("", name, name, kind, details, routing=does_route)
    draft = Draft(device, profile, place, kept)
    device.ports = ports_of(source.running)
    for read in readers():
        read(source.running, draft)
    _settle(source, draft)
    owned = frozenset(walk(source.rendered(draft)))
    adopt(tree, owned, draft)
    return _reading(source, draft, owned)


def _settle(source: _Source, draft: Draft) -> None:
    """Drop what no intent can have and what was misread, until neither is left: one may bring the other."""
    for _ in range(_MOST_ROUNDS):
        draft.device = fitting(draft.device)
        if not _drop_misread(source, draft):
            return


def _drop_misread(source: _Source, draft: Draft) -> bool:
    """Drop what renders lines that are not running; whether there was anything."""
    running = frozenset(walk(source.running))
    try:
        rendered = source.rendered(draft)
    except (RenderError, InvalidValue):
        # One of the settings cannot be rendered: found one by one.
        _drop_unrenderable(source, draft)
        return True
    surplus = frozenset(path for path in walk(rendered) if path not in running and _says_something(path))
    wrong = [known for known in draft.device.features if source.lines_of(draft, known) & surplus] if surplus else []
    for known in wrong:
        del draft.device.features[known]
    if surplus and not wrong:
        _drop_base(draft.device, surplus)
    return bool(surplus)


def _drop_unrenderable(source: _Source, draft: Draft) -> None:
    for known in list(draft.device.features):
        try:
            source.lines_of(draft, known)
        except (RenderError, InvalidValue):
            del draft.device.features[known]


def _says_something(path: Path) -> bool:
    """Whether a line is more than what the device does by itself."""
    return not rule_for(section_kind(path[:-1]), path[-1]).says_nothing(path[-1])


def _drop_base(device: Device, surplus: Iterable[Path]) -> None:
    """Drop the parts of the base that lines which are not running came from."""
    for path in surplus:
        head = path[0]
        name = head.removeprefix("interface ")
        if name != head:
            _drop_interface(device, name)
        elif head.startswith("router bgp "):
            device.bgp = None
        elif head.startswith("router ospf "):
            device.ospf = {}
        elif head.startswith("router eigrp "):
            device.eigrp = {}
        elif head.startswith("ip route "):
            device.routes = ()
        elif head.startswith("ip access-list "):
            device.access_lists.pop(head.rpartition(" ")[2], None)


def _drop_interface(device: Device, name: str) -> None:
    """An interface keeps nothing of the base but that it is there."""
    if name in device.switch_ports:
        device.switch_ports[name] = PortConfiguration(enabled=device.switch_ports[name].enabled)
    elif name in device.interfaces:
        device.interfaces[name] = RoutedInterface(enabled=device.interfaces[name].enabled)


def _reading(source: _Source, draft: Draft, owned: frozenset[Path]) -> Reading:
    intended = source.rendered(draft)
    there, wanted = remediate(source.running, intended, source.profile), frozenset(walk(intended))
    return Reading(
        device=draft.device,
        lines=tuple(classified(source.tree, owned, draft)),
        secrets=dict(draft.secrets),
        left=tuple(path for path in walk(source.running) if path not in wanted and _says_something(path)),
        surplus=tuple((*step.section, step.command) for step in there.steps),
    )


def _alone(device: Device) -> Network:
    return Network("", created=True, devices={device.id: device})
