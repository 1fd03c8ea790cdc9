"""The Jinja2 environment in which templates run: nothing undefined, random or unsafe passes."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, FunctionLoader, PrefixLoader, StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cimnet_nornir.errors import RenderError
from cimnet_nornir.ios.references import secret_mark
from cimnet_nornir.ios.template_filters import FILTERS
from cimnet_nornir.ios.template_values import VALUE_TYPES

# What a template must not use: their results differ from one rendering to the next.
_RANDOM_FILTERS = ("random",)
_RANDOM_GLOBALS = ("lipsum",)


class ValueSandbox(ImmutableSandboxedEnvironment):
    """A sandbox that knows the package's own values, whose public attributes are plain data, as harmless.

    The checks of every attribute by Jinja2 are more than half of the time that rendering takes otherwise.
    """

    def getattr(self, obj: Any, attribute: str) -> Any | Undefined:
        """An attribute of a value as it is; of anything else, what the sandbox lets through."""
        if type(obj) in VALUE_TYPES and not attribute.startswith("_"):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def template_environment(packaged: Mapping[str, bytes], site: Mapping[str, bytes]) -> ValueSandbox:
    """An environment over these templates; a site's comes before the packaged one of its name."""
    environment = ValueSandbox(
        loader=_loader(packaged, site),
        undefined=StrictUndefined,
        autoescape=False,  # the text is for a network device, not for a browser
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    environment.globals["secret"] = secret_mark
    for name in _RANDOM_FILTERS:
        del environment.filters[name]
    for name in _RANDOM_GLOBALS:
        del environment.globals[name]
    return environment


def _loader(packaged: Mapping[str, bytes], site: Mapping[str, bytes]) -> BaseLoader:
    """File names say where a template comes from, for the error messages; "packaged/…" is never overridden."""
    own = _loader_of(packaged, "packaged")
    return ChoiceLoader([_loader_of(site, "templates"), own, PrefixLoader({"packaged": own})])


def _loader_of(templates: Mapping[str, bytes], origin: str) -> FunctionLoader:
    def load(name: str) -> tuple[str, str | None, Callable[[], bool] | None] | None:
        content = templates.get(name)
        if content is None:
            return None
        return _text(content, f"{origin}/{name}"), f"{origin}/{name}", None

    return FunctionLoader(load)


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise RenderError(f"{name}: the template is not UTF-8 (byte {error.start})", subject=name) from error
