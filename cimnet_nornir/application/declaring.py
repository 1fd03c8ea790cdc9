"""A definition file and the network: read with the ids the network has, refused with the place in the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cimnet_nornir.application.changes import ChangeResult
from cimnet_nornir.application.service import NetworkService, Preview
from cimnet_nornir.application.validation import Finding, finding_line
from cimnet_nornir.definition import Definition, check_definition, read_text
from cimnet_nornir.definition.dump import dump_definition
from cimnet_nornir.errors import DefinitionError, DomainError, ValidationRefused

# The fields of a device by the word with which the paths of findings begin.
_FIELDS = {
    "OSPF": "ospf",
    "BGP": "bgp",
    "EIGRP": "eigrp",
    "route": "routes",
    "spanning": "spanning_tree",
    "container": "container_networks",
    "VM": "vm_networks",
}


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """A definition that was read from `path` without problems."""

    path: Path
    definition: Definition

    def preview(self, service: NetworkService, *, prune: bool = False) -> Preview:
        """What declaring it would record. Raises DefinitionError where a rule refuses."""
        with self.located():
            return service.preview(self.definition.desired, prune=prune)

    def declare(
        self,
        service: NetworkService,
        *,
        prune: bool = False,
        accept_errors: bool = False,
        expected: int | None = None,
    ) -> ChangeResult:
        """Record what differs. Raises DefinitionError where a rule refuses; nothing is recorded then.

        Where the intent has moved since the event `expected`, raises ConcurrencyConflict.
        Raises ValidationRefused, with the place of each problem, where it adds errors that are not accepted.
        """
        with self.located():
            return service.declare(
                self.definition.desired,
                prune=prune,
                arguments={"file": self.path.name},
                accept_errors=accept_errors,
                describe=self.line,
                expected=expected,
            )

    def line(self, finding: Finding) -> str:
        """A finding in one line, with its place in the file."""
        return f"{self.place(finding)}: {finding_line(finding)}"

    def place(self, finding: Finding) -> str:
        """`FILE:LINE` of what the finding is about; the beginning of the file at worst."""
        kind, _, rest = finding.path.partition(", ")[0].partition(" ")
        subject = rest if kind == "VLAN" else _FIELDS.get(kind, kind)
        return f"{self.path}:{self.definition.positions.locate(finding.device, subject).line}"

    @contextmanager
    def located(self) -> Iterator[None]:
        """Say in which line of the file it stands where a rule of the domain refuses what is done meanwhile."""
        try:
            yield
        except ValidationRefused:
            # Each of its problems has a place of its own.
            raise
        except DomainError as error:
            place = self.definition.positions.of(error.subject)
            raise DefinitionError(error.message, file=str(self.path), line=place.line, field=place.field) from error


def read_file(service: NetworkService, path: Path) -> tuple[DefinitionFile | None, tuple[DefinitionError, ...]]:
    """A definition file, or None with all its problems in the order of their lines."""
    return read_definition(service, read_text(path), path)


def read_definition(
    service: NetworkService, text: str, path: Path
) -> tuple[DefinitionFile | None, tuple[DefinitionError, ...]]:
    """A definition from its text (YAML, or JSON, which is YAML too), which `path` names; or None with its problems."""
    ids = {host.name: host.device for host in service.hosts()}
    definition, problems = check_definition(text, file=str(path), ids=ids)
    if definition is None:
        return None, problems
    declared = definition.desired.name
    if declared != service.network_name:
        place = definition.positions.at(("network",))
        message = f"this is the network {declared!r}; inventory/config.yaml says {service.network_name!r}"
        return None, (DefinitionError(message, file=str(path), line=place.line, field=place.field),)
    return DefinitionFile(path, definition), ()


def definition_text(service: NetworkService, at: int | None = None) -> str:
    """The intent as a definition file: declaring it changes nothing. Raises NotFound where there is no network."""
    return dump_definition(service.network(at))


def schema() -> dict[str, Any]:
    """The JSON Schema of a definition file."""
    from cimnet_nornir.definition.schema import json_schema

    return json_schema()
