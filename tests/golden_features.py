"""The golden cases of features: from intent to configuration, and back; from what runs to what is intended, and back.

A case is a folder `tests/golden/features/FEATURE/CASE` with `intent.yaml` (a definition of one device) and
`running.cfg`, whose first line says what the device is: `! profile: ios routes switches`. The rest is computed and
read by a person before it is kept: `rendered.cfg`, `remediation.cfg`, `inverse.cfg`. `formerly.yaml` is the intent
that was applied before, where that matters. Secrets are looked up in `secrets.yaml`: reference to value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ruamel.yaml import YAML

from cimnet_nornir.definition import load_definition
from cimnet_nornir.domain.desired import commands_between
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.working import Working
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import Profile, profile_for
from cimnet_nornir.ios.remediation import Remediation, apply_lines, remediate
from cimnet_nornir.ios.told import as_told, shown, with_unshown
from cimnet_nornir.ios.tree import Config, parse_config

FOLDER = Path(__file__).parent / "golden" / "features"
CASES = tuple(sorted(str(path.parent.relative_to(FOLDER)) for path in FOLDER.glob("*/*/intent.yaml")))
GENERATOR = IosGenerator(TemplateBundle.load())


def profile_of(running: str) -> Profile:
    """What the first line of running.cfg says the device is."""
    platform, *features = running.split("\n", maxsplit=1)[0].removeprefix("! profile: ").split(" ")
    return profile_for(platform, routes="routes" in features, switches="switches" in features)


def network_of(text: str, *, file: str) -> Network:
    """The network that a definition makes, through all rules of the domain."""
    desired = load_definition(text, file=file).desired
    working = Working(Network(desired.name))
    for command in commands_between(working.network, desired):
        working.execute(command)
    working.finish()
    return working.network


@dataclass(frozen=True)
class FeatureCase:
    """One golden case by its name, "ntp-server/key_is_replaced"."""

    name: str

    def read(self, file: str) -> str:
        return (FOLDER / self.name / file).read_text(encoding="utf-8")

    def has(self, file: str) -> bool:
        return (FOLDER / self.name / file).exists()

    @cached_property
    def network(self) -> Network:
        return network_of(self.read("intent.yaml"), file=f"{self.name}/intent.yaml")

    @property
    def device(self) -> Device:
        return next(iter(self.network.devices.values()))

    @cached_property
    def rendered(self) -> str:
        return GENERATOR.generate(self.device, self.network)

    @cached_property
    def profile(self) -> Profile:
        return profile_of(self.read("running.cfg"))

    @cached_property
    def secrets(self) -> Mapping[str, str]:
        return dict(YAML(typ="safe").load(self.read("secrets.yaml"))) if self.has("secrets.yaml") else {}

    @cached_property
    def running(self) -> Config:
        return as_told(self.tree(self.read("running.cfg")), self.intended, self.formerly, self.secrets.get)

    @cached_property
    def intended(self) -> Config:
        return self.tree(self.rendered)

    @cached_property
    def formerly(self) -> Config | None:
        if not self.has("formerly.yaml"):
            return None
        network = network_of(self.read("formerly.yaml"), file=f"{self.name}/formerly.yaml")
        return self.tree(GENERATOR.generate(next(iter(network.devices.values())), network))

    @cached_property
    def remediation(self) -> Remediation:
        return self.needed(self.running)

    @cached_property
    def after(self) -> Config:
        return apply_lines(self.running, self.remediation.lines(), self.profile)

    @cached_property
    def inverse(self) -> Remediation:
        return remediate(self.after, self.running, self.profile, formerly=self.after)

    def tree(self, text: str) -> Config:
        return normalise(parse_config(text), self.profile)

    def needed(self, running: Config, *, pushed: bool = False) -> Remediation:
        """What takes a running configuration to the intent of the case, perhaps after all of it was sent just now."""
        formerly = self.formerly
        if pushed:
            formerly = with_unshown(shown(formerly or Config()), self.intended)
        return remediate(running, self.intended, self.profile, formerly=formerly, resolve=self.secrets.get)

    def outputs(self) -> dict[str, str]:
        """The computed files of the case."""
        return {
            "rendered.cfg": self.rendered,
            "remediation.cfg": self.remediation.text(),
            "inverse.cfg": self.inverse.text(),
        }
