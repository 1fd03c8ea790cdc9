"""Which of a site's own templates brings each of the lines that only they bring."""

from collections.abc import Callable, Iterator

from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import RenderError
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator

PathsOf = Callable[[str], tuple[Path, ...]]


def site_causes(
    bundle: TemplateBundle, device: Device, network: Network, own: frozenset[Path], paths_of: PathsOf
) -> dict[Path, str]:
    """By line of the site's own the template it comes from: without that one the line is not there.

    Where one template includes another, lines are those of the inner one: fewer go with it.
    """
    gone = dict(_gone(bundle, device, network, own, paths_of)) if own else {}
    return {
        path: min((name for name in gone if path in gone[name]), key=lambda name: (len(gone[name]), name), default="")
        for path in own
    }


def _gone(
    bundle: TemplateBundle, device: Device, network: Network, own: frozenset[Path], paths_of: PathsOf
) -> Iterator[tuple[str, frozenset[Path]]]:
    """Each of the site's templates, with the lines that are gone without it."""
    for name in bundle.site:
        others = {other: content for other, content in bundle.site.items() if other != name}
        # One that overrides nothing may be included by another of the site's: it is there, and empty.
        rest = others if name in bundle.packaged else {**others, name: b""}
        try:
            text = IosGenerator(TemplateBundle(bundle.packaged, rest)).generate(device, network)
        except RenderError:
            # The others need what it defines: then they are told of.
            continue
        yield name, own - frozenset(paths_of(text))
