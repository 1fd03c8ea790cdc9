"""What is intended with some lines of a running configuration in it: read in, they become intent, and nothing else."""

from collections.abc import Collection
from dataclasses import replace

from cimnet_nornir.ios.masking import mask_secrets
from cimnet_nornir.ios.merge import apply_lines
from cimnet_nornir.ios.profiles import Profile
from cimnet_nornir.ios.references import Resolver, revealed
from cimnet_nornir.ios.remediation import remediate
from cimnet_nornir.ios.steps import Step
from cimnet_nornir.ios.tree import Config, Path, to_text


def texts_adopting(
    running: Config, intended: Config, chosen: Collection[Path], profile: Profile, resolve: Resolver | None
) -> tuple[str, str]:
    """The intended configuration, and the same with what runs at the chosen places; secrets stand in both.

    Both configurations are normalised. `chosen` are masked paths of lines that run, or that do not although they are
    intended; below a header all goes with it. Raises ConfigurationError where a secret is not there.
    """
    back = remediate(intended, running, profile, formerly=intended, resolve=resolve)
    steps = tuple(step for step in back.steps if is_at(step, chosen))
    adopted = apply_lines(intended, replace(back, steps=steps).lines(), profile)
    return revealed(to_text(intended), resolve), revealed(to_text(adopted), resolve)


def is_at(step: Step, chosen: Collection[Path]) -> bool:
    """Whether a step is about one of these masked paths, or about a line below one."""
    path = tuple(mask_secrets(text) for text in step.explains)
    return any(path[:depth] in chosen for depth in range(1, len(path) + 1))
