"""The IOS engine as the use cases see it: render, compare, rules, mask, over one template bundle."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import dropwhile
from typing import TYPE_CHECKING

from cimnet_nornir.domain.capabilities import Protection
from cimnet_nornir.domain.comparison import Change, Comparison, Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.reading import Identity, Reading, SourceLine
from cimnet_nornir.domain.validation import AnyRule
from cimnet_nornir.errors import ConfigurationError, RenderError
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator
from cimnet_nornir.ios.profiles import IOS_PLATFORMS, Profile, profile_for
from cimnet_nornir.ios.references import Resolver, missing_words, revealed
from cimnet_nornir.ios.site_causes import site_causes
from cimnet_nornir.ios.validate import IOS_RULES

if TYPE_CHECKING:
    from cimnet_nornir.ios.steps import Remediation
    from cimnet_nornir.ios.tree import Config

# What differs between two readings of the same configuration: headers with counts and times (wire texts of IOS).
_VOLATILE = re.compile(
    r"^(?:Building configuration\.\.\.|Current configuration ?:.*|Using \d+ out of \d+ bytes.*"
    r"|! Last configuration change at .*|! NVRAM config last updated at .*|! No configuration change since last restart"
    r"|ntp clock-period \d+)\s*$"
)


@dataclass(frozen=True, slots=True)
class IosEngine:
    """Cisco IOS and IOS-XE. `archive` is the template bundle as it is kept, `templates` its digest.

    `resolve` finds the secret behind a reference, which is needed to compare and to push, not to render.

    Raises RenderError where a template is no text.
    """

    bundle: TemplateBundle
    resolve: Resolver | None = None
    generator: IosGenerator = field(init=False)
    packaged: IosGenerator = field(init=False, repr=False)
    archive: bytes = field(init=False, repr=False)
    templates: str = field(init=False)

    def __post_init__(self) -> None:
        archive = self.bundle.archived()
        object.__setattr__(self, "generator", IosGenerator(self.bundle))
        # The same without the site's templates: what only these bring has no event behind it.
        object.__setattr__(self, "packaged", IosGenerator(TemplateBundle(self.bundle.packaged)))
        object.__setattr__(self, "archive", archive)
        object.__setattr__(self, "templates", "sha256:" + hashlib.sha256(archive).hexdigest())

    def render(self, device: Device, network: Network) -> str:
        """The intended configuration. Raises RenderError, also for a host: it is configured by other means."""
        if device.is_host:
            raise RenderError(f"{device.name} is a host: there is no IOS configuration for it", subject=device.name)
        if device.details.platform not in IOS_PLATFORMS:
            raise RenderError(
                f"{device.name} runs {device.details.platform!r}, which no platform driver serves;"
                f" installed ones serve {', '.join(IOS_PLATFORMS)}",
                subject=device.name,
            )
        return self.generator.generate(device, network)

    @property
    def rules(self) -> tuple[AnyRule, ...]:
        """What IOS asks of an intent besides what every network needs."""
        return IOS_RULES

    def compare(self, device: Device, running: str, intended: str, *, formerly: str | None = None) -> Comparison:
        """What takes running to intended. Raises ConfigurationError where running cannot be read.

        `formerly` is what was intended when the device was pushed to last: what only that had (an access list of a
        template, say) is taken away. Without it, such lines are reported as unmodelled.
        """
        from cimnet_nornir.ios.cautions import cautions
        from cimnet_nornir.ios.remediation import apply_lines, diff_text, remediate
        from cimnet_nornir.ios.touched import touched_sections

        profile = _profile(device)
        whole, have, alone, remediation = _needed(device, running, intended, formerly, self.resolve)
        unmodelled = (*remediation.unmodelled, *alone)
        if remediation.is_empty:
            return Comparison((), (), "", unmodelled=unmodelled, warnings=remediation.warnings)
        # The difference that is shown is what the commands do: lines that nobody's intent owns stay, and are not in it.
        after = apply_lines(have, remediation.lines(), profile)
        cuts, doubts = cautions(device, whole, have, after, remediation)
        changes = tuple(Change(step.section, step.command, step.explains, step.adds) for step in remediation.steps)
        return Comparison(
            changes=changes,
            commands=tuple(_typed(line) for line in remediation.lines()),
            diff=diff_text(have, after),
            unmodelled=unmodelled,
            warnings=(*remediation.warnings, *cuts, *doubts, *missing_words(remediation.lines(), self.resolve)),
            cuts=cuts,
            inverse=tuple(_typed(line) for line in remediate(after, have, profile, formerly=after).lines()),
            touched=touched_sections(whole, remediation),
        )

    def candidate(
        self, device: Device, running: str, intended: str, *, formerly: str | None = None, replace: bool = False
    ) -> str:
        """A file that takes the device to what `compare` says: one to merge, or the whole that is to replace running.

        Of the whole, only what changes is written anew. Raises ConfigurationError where it cannot be made faithfully.
        """
        from cimnet_nornir.ios.candidate import replacement
        from cimnet_nornir.ios.remediation import apply_lines
        from cimnet_nornir.ios.told import is_unshown, shown

        _, _, _, remediation = _needed(device, running, intended, formerly, self.resolve)
        if not replace:
            return self.reveal(remediation.file())
        if self.protection(device, running).vlans_outside:
            raise ConfigurationError(
                f"{device.name} keeps its VLANs in vlan.dat (VTP), which no configuration replaces", subject=device.name
            )
        if any(is_unshown(step.explains[0]) for step in remediation.steps):
            raise ConfigurationError(
                f"{device.name} keeps the users of SNMPv3 out of its configuration: none replaces them",
                subject=device.name,
            )
        profile = _profile(device)
        # What the device shows is replaced in its own words, which have no marks.
        whole = shown(_read(running, profile))
        after = apply_lines(whole, map(self.reveal, remediation.lines()), profile)
        return replacement(self.stable(running), whole, after, profile)

    def with_unshown(self, text: str, other: str | None) -> str:
        """A configuration with the lines that no device shows (users of SNMPv3) as another one has them."""
        from cimnet_nornir.ios.told import is_unshown

        if other is None:
            return text
        shown = (line for line in text.splitlines() if not is_unshown(line))
        unshown = (path[0] for path in self.paths(other) if is_unshown(path[0]))
        return "".join(f"{line}\n" for line in (*shown, *unshown))

    def read(self, text: str, *, name: str, details: DeviceDetails, place: str) -> Reading:
        """The intent that a configuration expresses; what no feature says of it is adopted word for word.

        `name` is the device's where the text has no host name, `place` what references to its secrets begin with.
        Raises ConfigurationError where the text cannot be read, RenderError.
        """
        from cimnet_nornir.ios.reading import read_configuration
        from cimnet_nornir.ios.reading.whole import require_whole

        require_whole(text)
        kept = self.resolve or (lambda _: None)
        return read_configuration(text, self.packaged, name=name, details=details, place=place, kept=kept)

    def identify(self, text: str) -> Identity:
        """Whose configuration it is, by what stands in it."""
        from cimnet_nornir.ios.reading.hardware import identify

        return identify(text)

    def account(self, text: str, reading: Reading) -> tuple[SourceLine, ...]:
        """Each line of a configuration with what became of it, its secrets masked."""
        from cimnet_nornir.ios.reading.account import account

        return account(text, reading)

    def adopting(self, device: Device, running: str, intended: str, chosen: Collection[Path]) -> tuple[str, str]:
        """The intended configuration, and the same with what runs at the chosen places. Raises ConfigurationError."""
        from cimnet_nornir.ios.adopted_text import texts_adopting

        profile = _profile(device)
        return texts_adopting(_read(running, profile), _read(intended, profile), chosen, profile, self.resolve)

    def leaving(
        self, device: Device, running: str, intended: str, chosen: Collection[Path], *, formerly: str | None = None
    ) -> str:
        """What `compare` takes running to where it leaves the chosen places alone. Raises ConfigurationError."""
        from cimnet_nornir.ios.adopted_text import is_at
        from cimnet_nornir.ios.remediation import apply_lines
        from cimnet_nornir.ios.tree import to_text

        _, have, _, remediation = _needed(device, running, intended, formerly, self.resolve)
        steps = tuple(step for step in remediation.steps if not is_at(step, chosen))
        return to_text(apply_lines(have, replace(remediation, steps=steps).lines(), _profile(device)))

    def reveal(self, text: str) -> str:
        """What is sent, with the secrets in the place of their marks. Raises ConfigurationError."""
        return revealed(text, self.resolve)

    def unplanned(self, diff: str, running: str, candidate: str) -> tuple[str, ...]:
        """The lines of a device's own difference that replacing running by the candidate should not bring."""
        from cimnet_nornir.ios.candidate import unplanned

        return unplanned(diff, self.stable(running), candidate)

    def protection(self, device: Device, running: str) -> Protection:
        """What takes a push to the device back if nobody confirms it. Raises ConfigurationError."""
        from cimnet_nornir.ios.protection import protection_of

        return protection_of(running, switches=device.switches)

    def site_paths(self, device: Device, network: Network) -> frozenset[Path]:
        """The lines of the intended configuration that only the site's own templates bring. Raises RenderError."""
        own = frozenset(self.paths(self.render(device, network))) if self.bundle.site else frozenset()
        return own - frozenset(self.paths(self.packaged.generate(device, network))) if own else own

    def site_causes(self, device: Device, network: Network) -> dict[Path, str]:
        """By each of these lines the template it comes from. Raises RenderError."""
        return site_causes(self.bundle, device, network, self.site_paths(device, network), self.paths)

    def prepare(self, device: Device, text: str) -> None:
        """Read a configuration ahead of comparing it, while somebody waits for other devices."""
        _read(text, _profile(device))

    def paths(self, text: str) -> tuple[Path, ...]:
        """Each line of a rendered configuration with its sections; read by indentation, since the text is our own."""
        paths: list[Path] = []
        above: list[tuple[int, Path]] = [(-1, ())]
        for line in text.splitlines():
            word = line.strip()
            if not word or word == "!":
                continue
            indent = len(line) - len(line.lstrip())
            while above[-1][0] >= indent:
                above.pop()
            path = (*above[-1][1], word)
            paths.append(path)
            above.append((indent, path))
        return tuple(paths)

    def lines(self, device: Device, text: str) -> frozenset[Path]:
        """Every line of a configuration, normalised. Raises ConfigurationError where it cannot be read."""
        from cimnet_nornir.ios.tree import walk

        return frozenset(walk(_read(text, _profile(device))))

    def stable(self, text: str) -> str:
        """A configuration as a device showed it, without the lines that change by themselves."""
        lines = (line.rstrip() for line in text.splitlines() if not _VOLATILE.match(line))
        # With the first change since it booted IOS adds a time to the head, and a "!" around it.
        kept = dropwhile(lambda line: line in {"", "!"}, lines)
        return "\n".join(kept).strip("\n") + "\n"

    def mask(self, text: str) -> str:
        """The text without its secrets."""
        from cimnet_nornir.ios.masking import mask_secrets

        return mask_secrets(text)


def _needed(
    device: Device, running: str, intended: str, formerly: str | None, resolve: Resolver | None
) -> "tuple[Config, Config, tuple[Path, ...], Remediation]":
    """Running, running without what is left alone, the paths of that, and what takes it to what is intended."""
    from cimnet_nornir.ios.marks import marked
    from cimnet_nornir.ios.ownership import left_alone
    from cimnet_nornir.ios.remediation import remediate
    from cimnet_nornir.ios.told import as_told

    profile = _profile(device)
    want = _read(intended, profile)
    former = _read(formerly, profile) if formerly is not None else None
    whole = as_told(_read(running, profile), want, former, resolve)
    have, alone = left_alone(whole, want, former, device.ports)
    have = marked(have, want, resolve)
    return whole, have, alone, remediate(have, want, profile, formerly=former, resolve=resolve)


# An intended configuration is compared with before and after a push.
@lru_cache(maxsize=512)
def _read(text: str, profile: Profile) -> "Config":
    from cimnet_nornir.ios.normalise import normalise
    from cimnet_nornir.ios.tree import parse_config

    return normalise(parse_config(text), profile)


def _profile(device: Device) -> Profile:
    details = device.details
    return profile_for(details.platform, routes=device.routes_packets, switches=device.switches, model=details.model)


def _typed(line: str) -> str:
    """A command without its margin; a banner keeps the spaces of its lines."""
    return line if "\n" in line else line.strip()
