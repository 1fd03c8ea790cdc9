"""The lines that take a running configuration to the intended one."""

from collections.abc import Iterator

from cimnet_nornir.ios.aaa import as_aaa_shows, before_and_after, is_on
from cimnet_nornir.ios.addresses import release_drafts, released
from cimnet_nornir.ios.channels import leaving_members, used_channels
from cimnet_nornir.ios.closed_neighbors import closed_meanwhile
from cimnet_nornir.ios.compare import compare
from cimnet_nornir.ios.difference import diff_text
from cimnet_nornir.ios.distinguishers import freed_distinguishers
from cimnet_nornir.ios.filter_uses import still_used
from cimnet_nornir.ios.guards import guarded
from cimnet_nornir.ios.layer3_moves import departing_groups, moved_tags
from cimnet_nornir.ios.line_ranges import as_they_stood, refined
from cimnet_nornir.ios.merge import apply_lines
from cimnet_nornir.ios.neighbors import arriving, departing
from cimnet_nornir.ios.ordered_lists import detached, reordered
from cimnet_nornir.ios.places import Place, Sides
from cimnet_nornir.ios.policies import class_uses, freed_shares
from cimnet_nornir.ios.processes import freed_router_ids, started_anew
from cimnet_nornir.ios.profiles import Profile
from cimnet_nornir.ios.references import Resolver
from cimnet_nornir.ios.steps import Finding, Remediation, Step, collect
from cimnet_nornir.ios.told import as_told, newcomers
from cimnet_nornir.ios.translations import freed_pools
from cimnet_nornir.ios.tree import Config, Node, without
from cimnet_nornir.ios.vlans import freed_names, used_vlans
from cimnet_nornir.ios.vrf_forms import changed_vrf_forms
from cimnet_nornir.ios.watched import kept_routes

__all__ = ["Remediation", "Step", "apply_lines", "diff_text", "remediate"]


def remediate(
    running: Config,
    intended: Config,
    profile: Profile,
    *,
    formerly: Config | None = None,
    resolve: Resolver | None = None,
) -> Remediation:
    """What has to be sent so that `running` becomes `intended`; both normalised with the same profile.

    `formerly` is the intended configuration that was applied last, also normalised: what it brought beyond the base (an
    access list, a banner, a user) is intent's own, and goes when the new intent does not have it any more. Without it
    such objects are reported as unmodelled and left alone. `resolve` finds the secrets behind marks: a line that sets
    the same secret in another form needs nothing.
    """
    running = as_told(running, intended, formerly, resolve)
    if is_on(intended):
        running = as_aaa_shows(running)
    running, findings = changed_vrf_forms(running, intended)
    running, freed = freed_distinguishers(running, intended, formerly)
    findings += freed
    tagged, more = moved_tags(running, intended)
    findings += more
    moving = released(tagged, intended, formerly)
    findings += release_drafts(moving)
    rest, departures = departing(
        started_anew(without(tagged, {address.path for address in moving}), intended), intended
    )
    findings += departures
    findings += [*arriving(rest, intended), *closed_meanwhile(rest, intended)]
    rest, more = class_uses(rest, intended, formerly)
    findings += more
    for whole in (
        freed_names,
        used_vlans,
        leaving_members,
        used_channels,
        guarded,
        reordered,
        detached,
        freed_shares,
        freed_pools,
        freed_router_ids,
        kept_routes,
    ):
        rest, more = whole(rest, intended)
        findings += more
    rest, more = departing_groups(rest, intended, formerly)
    findings += more
    former = formerly.nodes if formerly is not None else ()
    place = Place(profile, resolve=resolve)
    findings += as_they_stood(_compared(place, rest, intended, former), rest.nodes, intended.nodes)
    findings += [*still_used(findings, intended), *newcomers(running, intended)]
    return collect(findings)


def _compared(place: Place, running: Config, intended: Config, former: tuple[Node, ...]) -> Iterator[Finding]:
    """The findings of whole sections, with terminals told apart where either side says something else of them."""
    sides = (running.nodes, intended.nodes, former)
    parts = (refined(side, *sides) for side in sides)
    yield from before_and_after(compare(place, Sides(*parts)), running)
