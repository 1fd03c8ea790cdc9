"""Configurations from intent: a generator for Cisco IOS over a bundle of templates, a file a feature."""

import re
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import RenderError
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.device_values import device_values
from cimnet_nornir.ios.features import FeatureTemplate, feature_parts, with_features
from cimnet_nornir.ios.outline import write_outline
from cimnet_nornir.ios.platforms.table import traits_of
from cimnet_nornir.ios.template_values import DeviceValues

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["ConfigurationGenerator", "IosGenerator"]

MAIN = "cisco_ios/main.j2"
FEATURE = "cisco_ios/features/{}.j2"
_LIMIT = 300
_NO_ATTRIBUTE = re.compile(r"'cimnet_nornir\.\S+\.(\w+?)(?:Values)? object' has no attribute ('\w+')")
_PORTFAST = re.compile(r"^( ?spanning-tree portfast)(?=$| trunk$| default$| bpdu\w+ default$)", re.MULTILINE)
# What an expression in a template can raise besides Jinja2's own errors: 1 / 0, "a" + 1, a filter's bad argument.
_EXPRESSION_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class ConfigurationGenerator(Protocol):
    """What makes configurations of one platform."""

    def generate(self, device: Device, network: Network) -> str:
        """The configuration that the intent asks for. Raises RenderError."""
        ...


class IosGenerator:
    """Renders devices that run Cisco IOS or IOS-XE; the templates are compiled once, and threads may share it."""

    def __init__(self, bundle: TemplateBundle) -> None:
        self.bundle = bundle
        from cimnet_nornir.ios.template_sandbox import template_environment

        self._environment = template_environment(bundle.packaged, bundle.site)
        self._main: Template | None = None

    def generate(self, device: Device, network: Network) -> str:  # noqa: ARG002 - the port's signature
        """The lines in the order and spelling of `show running-config`, IOS defaults left out, sections ended by "!".

        One line is more than IOS shows: `no shutdown` on layer-3 interfaces, which IOS may have shut by itself.
        Raises RenderError, with file, line and what is wrong, where a template fails.
        """
        from jinja2 import TemplateError

        values = device_values(device)
        try:
            if self._main is None:
                self._main = self._environment.get_template(MAIN)
            text = with_features(self._main.render(device=values), device, self._features(values))
        except (TemplateError, *_EXPRESSION_ERRORS) as error:
            raise _render_error(error, device.name) from error
        return _as_spelled(text, device)

    def _features(self, values: DeviceValues) -> FeatureTemplate:
        def render(feature: str, items: tuple[Setting, ...]) -> str:
            return self._environment.get_template(FEATURE.format(feature)).render(device=values, items=items)

        return render

    def setting_lines(self, device: Device, setting: Setting) -> str:
        """The lines that one setting of a device brings by itself, with the headers of their sections.

        Raises RenderError, also where a template cannot be rendered for it.
        """
        from jinja2 import TemplateError

        values = device_values(device)
        try:
            return "".join(write_outline(parts) for parts in feature_parts((setting,), self._features(values)))
        except (TemplateError, *_EXPRESSION_ERRORS) as error:
            raise _render_error(error, device.name) from error


def _as_spelled(text: str, device: Device) -> str:
    """The text in the spelling of the device's image."""
    edge = traits_of(device.details.platform, device.details.model).portfast_edge
    return _PORTFAST.sub(r"\1 edge", text) if edge else text


def _render_error(error: Exception, device: str) -> RenderError:
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        where = f"{error.filename or error.name}:{error.lineno}"
        return RenderError(f"{where}: {_one_line(error.message or 'syntax error')}", subject=device)
    where = _where(error.__traceback__)
    if isinstance(error, TemplateNotFound):
        problem = f"there is no template {error.message!r}"
    elif isinstance(error, RecursionError):
        problem = "the templates include one another without end"
    else:
        problem = _plain(_one_line(str(error) or type(error).__name__))
    return RenderError(f"{where}: {problem} (rendering {device})", subject=device)


def _where(traceback: TracebackType | None) -> str:
    """File and line of the innermost template; Jinja2 puts them into the traceback."""
    found = MAIN
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name.endswith(".j2"):
            found = f"{name}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found


def _plain(problem: str) -> str:
    """A missing value in the template's own words: "device has no 'ntp'"."""
    match = _NO_ATTRIBUTE.search(problem)
    return f"{match[1].lower()} has no {match[2]}" if match else problem


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LIMIT]
