"""A configuration as rules of audit look at it: sections and lines in one spelling, nothing left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cimnet_nornir.domain.audit import INTO
from cimnet_nornir.ios.canonical import canonical_line
from cimnet_nornir.ios.capture import configuration_in
from cimnet_nornir.ios.rules.model import compiled
from cimnet_nornir.ios.tree import Config, Node, Path, parse_config


@dataclass(frozen=True, slots=True)
class Section:
    """The lines below a header. `path` are the headers from the top down, empty for a whole configuration."""

    path: Path
    nodes: tuple[Node, ...]

    @property
    def name(self) -> str:
        """Its headers as findings name them."""
        return INTO.join(self.path)

    @property
    def header(self) -> str:
        """The last of its headers; empty at the top."""
        return self.path[-1] if self.path else ""

    def lines(self, pattern: str) -> tuple[str, ...]:
        """The lines that a pattern matches as a whole; ` > ` in it goes into sections: `archive > log config`."""
        *headers, last = pattern.split(INTO)
        found = self.sections(*headers) if headers else (self,)
        matches = compiled(last).fullmatch
        return tuple([node.text for section in found for node in section.nodes if matches(node.text)])

    def has(self, *patterns: str) -> bool:
        """Whether each of the patterns matches a line."""
        return all(self._has(pattern) for pattern in patterns)

    def _has(self, pattern: str) -> bool:
        *headers, last = pattern.split(INTO)
        matches = compiled(last).fullmatch
        found = self.sections(*headers) if headers else (self,)
        return any(matches(node.text) for section in found for node in section.nodes)

    def sections(self, *headers: str) -> tuple["Section", ...]:
        """The sections whose headers, from here down, match these patterns."""
        found: tuple[Section, ...] = (self,)
        for pattern in headers:
            found = tuple(part for section in found for part in section.parts(pattern))
        return found

    def parts(self, pattern: str) -> Iterator["Section"]:
        """The sections right below whose header a pattern matches; a line without lines below is an empty one."""
        matches = compiled(pattern).fullmatch
        for node in self.nodes:
            if matches(node.text):
                yield Section((*self.path, node.text), node.children)


@dataclass(frozen=True, slots=True)
class AuditedConfiguration(Section):
    """A whole configuration, with the name of its device and the groups it is in, such as `role__access`."""

    device: str = ""
    groups: tuple[str, ...] = ()


def audited(text: str, device: str, groups: tuple[str, ...] = ()) -> AuditedConfiguration:
    """The configuration in a text, whatever a session showed around it. Raises ConfigurationError where it is none."""
    return AuditedConfiguration((), _canonical(parse_config(configuration_in(text))), device, groups)


def _canonical(config: Config) -> tuple[Node, ...]:
    return tuple(_spelled(node) for node in config.nodes)


# Most sections of a device are those of its neighbour.
@lru_cache(maxsize=8192)
def _spelled(node: Node) -> Node:
    return Node(canonical_line(node.text), tuple(_spelled(child) for child in node.children))
