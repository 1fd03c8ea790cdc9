"""What a platform does by itself, as data: the lines it never shows, and how an interface is before anybody sets it."""

from dataclasses import dataclass, replace
from functools import lru_cache

from cimnet_nornir.domain.interfaces import interface_type, is_interface, is_logical
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.platforms.table import Traits, traits_of


@dataclass(frozen=True, slots=True)
class Profile:
    """The defaults of a platform.

    `hidden` are patterns of lines, by kind of section, that say what the device does anyway and never shows.
    `shut_when_new` names the kinds of interface (see `interface_kind`) that are shut until somebody opens them.
    `traits` is what its image does otherwise than others.
    """

    name: str
    platform: str
    routes: bool
    switches: bool
    hidden: tuple[tuple[str, str], ...]
    shut_when_new: frozenset[str]
    traits: Traits

    def __hash__(self) -> int:
        # Much is kept by profile, and to hash all that is hidden takes longer than to look it up.
        return hash((self.name, self.platform))

    @property
    def numbers_remarks(self) -> bool:
        """Whether a remark counts among the sequence numbers of an access list."""
        return self.traits.numbers_remarks


_LINE_HIDDEN = (
    r"exec-timeout 10 0|(?:absolute|session)-timeout 0|privilege level 1|escape-character default|length 24",
    r"width 80|history size 20|stopbits 2|speed 9600|databits 8|parity none|flowcontrol none",
    r"exec|exec-banner|motd-banner|activation-character|vacant-message|login authentication default",
)
# A running configuration shows `shutdown` and the like only where it is set, on every platform.
_HIDDEN = (
    ("interface", r"no shutdown|no ip address|no description|no switchport nonegotiate|switchport"),
    ("interface", r"switchport access vlan 1|switchport trunk native vlan 1|switchport trunk allowed vlan 1-4094"),
    ("interface", r"no switchport (?:mode|access vlan|trunk .+|voice vlan)|no spanning-tree (?:portfast|bpduguard)"),
    ("interface", r"no ip ospf cost|no channel-group"),
    ("interface", r"ip (?:redirects|unreachables|proxy-arp)|no ip directed-broadcast|ipv6 (?:redirects|unreachables)"),
    ("interface", r"standby version 1|vrrp \d+ preempt|no standby .+|no vrrp (?!\d+ preempt).+"),
    ("top", r"ip dhcp snooping (?:information option|verify mac-address)|spanning-tree etherchannel guard misconfig"),
    ("top", r"spanning-tree vlan \d+ priority 32768|no spanning-tree vlan \d+ priority"),
    ("router ospf", r"no passive-interface default|no default-information originate"),
    ("router ospfv3", r"no passive-interface default|exit-address-family"),
    ("router eigrp", r"no passive-interface default|no auto-summary"),
    ("eigrp named", r"no shutdown|exit-address-family"),
    ("eigrp family", r"no shutdown|exit-af-interface|exit-af-topology|eigrp log-neighbor-(?:changes|warnings)"),
    ("eigrp interface", r"no shutdown|split-horizon|exit-af-interface"),
    ("eigrp topology", r"no auto-summary|exit-af-topology"),
    ("vrrp group", r"no shutdown|match-address|no vrrpv2|exit-vrrp"),
    ("router rip", r"no passive-interface default"),
    ("router bgp", r"exit-address-family|bgp (?:default ipv4-unicast|enforce-first-as|fast-external-fallover)"),
    ("bgp family", r"exit-address-family|no neighbor \S+ activate"),
    ("vrf", r"exit-address-family"),
    ("top", r"service (?:pad|dhcp)|ip domain lookup|clock timezone UTC 0 0|aaa session-id common"),
    ("top", r"ip ssh (?:time-out 120|authentication-retries 3|dh min size 1024)|(?:tacacs|radius)-server timeout 5"),
    ("top", r"radius-server retransmit 3|ip http (?:port 80|secure-port 443)"),
    *((kind, pattern) for kind in ("line", "vty") for pattern in _LINE_HIDDEN),
    # A virtual terminal asks for a password until it is told not to, any other line does not.
    ("vty", r"login"),
    ("line", r"no login"),
    ("aaa server", r"port 49"),
)
_ROUTER_HIDDEN = (("top", r"ip routing"), ("interface", r"no switchport"))
_SWITCH_HIDDEN = (("top", r"no ip routing"),)
# Router ports come shut; a port-channel of a router too. SVIs differ by image, so they are opened on purpose.
_ROUTER_SHUT = frozenset({"physical", "port-channel", "vlan"})
_SWITCH_SHUT = frozenset({"vlan"})


def _profile(name: str, platform: str, *, routes: bool, switches: bool) -> Profile:
    return Profile(
        name=name,
        platform=platform,
        routes=routes,
        switches=switches,
        hidden=_HIDDEN + (_SWITCH_HIDDEN if switches else _ROUTER_HIDDEN),
        shut_when_new=_SWITCH_SHUT if switches else _ROUTER_SHUT,
        traits=traits_of(platform),
    )


ROUTER_IOS = _profile("router", "ios", routes=True, switches=False)
SWITCH_IOS = _profile("switch", "ios", routes=False, switches=True)
L3SWITCH_IOS = _profile("layer-3 switch", "ios", routes=True, switches=True)
ROUTER_IOSXE = _profile("router", "iosxe", routes=True, switches=False)
SWITCH_IOSXE = _profile("switch", "iosxe", routes=False, switches=True)
L3SWITCH_IOSXE = _profile("layer-3 switch", "iosxe", routes=True, switches=True)
PROFILES = (ROUTER_IOS, SWITCH_IOS, L3SWITCH_IOS, ROUTER_IOSXE, SWITCH_IOSXE, L3SWITCH_IOSXE)

IOS_PLATFORMS = ("ios", "iosxe")


@lru_cache(maxsize=256)
def profile_for(platform: str, *, routes: bool, switches: bool, model: str = "", version: str = "") -> Profile:
    """The profile of a platform ("ios" or "iosxe") with these features, on a model and a release where they are known.

    Raises InvalidValue for a platform that is not known, and for a device that neither routes nor switches.
    """
    for profile in PROFILES:
        if (profile.platform, profile.routes, profile.switches) == (platform, routes, switches):
            return _with_traits(profile, traits_of(platform, model, version))
    if platform not in IOS_PLATFORMS:
        raise InvalidValue(f"platform {platform!r} is not known; known: ios, iosxe", subject="platform")
    raise InvalidValue("a device routes, switches or does both", subject="platform")


def _with_traits(profile: Profile, traits: Traits) -> Profile:
    if traits == profile.traits:
        return profile
    return replace(profile, hidden=profile.hidden + traits.hidden, traits=traits)


def interface_kind(name: str) -> str:
    """The kind of a canonical interface name: physical, vlan, loopback, port-channel, subinterface or other.

    "other" is what the base does not model (tunnels, dialers, names no table knows).
    """
    if not is_interface(name):
        return "other"
    if "." in name:
        return "subinterface"
    if not is_logical(name):
        return "physical"
    kind = interface_type(name).lower()
    return kind if kind in ("vlan", "loopback", "port-channel") else "other"
