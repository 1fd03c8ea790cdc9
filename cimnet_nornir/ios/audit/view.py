"""A configuration as rules of audit look at it: sections and lines in one spelling, nothing left out."""

from collections.abc import Iterator
from dataclasses import dataclass

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
        return tuple(node.text for section in found for node in section.nodes if compiled(last).fullmatch(node.text))

    def has(self, *patterns: str) -> bool:
        """Whether each of the patterns matches a line."""
        return all(self.lines(pattern) for pattern in patterns)

    def sections(self, *headers: str) -> tuple["Section", ...]:
        """The sections whose headers, from here down, match these patterns."""
        found: tuple[Section, ...] = (self,)
        for pattern in headers:
            found = tuple(part for section in found for part in section.parts(pattern))
        return found

    def parts(self, pattern: str) -> Iterator["Section"]:
        """The sections right below whose header a pattern matches; a line without lines below is an empty one."""
        for node in self.nodes:
            if compiled(pattern).fullmatch(node.text):
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


def _spelled(node: Node) -> Node:
    return Node(canonical_line(node.text), tuple(_spelled(child) for child in node.children))
