"""BGP, EIGRP and access lists of a device in a definition file become values of the domain."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from cimnet_nornir.definition.positions import Node, Path
from cimnet_nornir.definition.problems import Problems
from cimnet_nornir.definition.protocol_fields import refusal
from cimnet_nornir.definition.protocol_models import AccessListEntry, BgpEntry, EigrpEntry, FilterEntry
from cimnet_nornir.domain.access_list_names import kind_by_number
from cimnet_nornir.domain.access_lists import AccessList, AclEntry, AclRemark, AclRule
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter, EigrpProcess

_STEP = 10


def list_key(root: Node, path: Path, name: str) -> object:
    """The key under which the list of that name was written: a number may stand there as such."""
    node: Node | None = root
    for part in path:
        node = node.children.get(part) if node else None
    keys = node.children if node else ()
    return int(name) if name.isdecimal() and name not in keys else name


@dataclass(frozen=True, slots=True)
class Protocols:
    """Compiles for the device at the path `here`; what is wrong is noted, and then left out."""

    here: Path
    problems: Problems

    def bgp(self, entry: BgpEntry | None) -> BgpRouter | None:
        """The BGP process, if there is one."""
        if entry is None:
            return None
        path = (*self.here, "bgp")
        try:
            neighbors = tuple(BgpNeighbor(**neighbor.model_dump()) for neighbor in entry.neighbors)
            return BgpRouter(
                as_number=entry.asn, router_id=entry.router_id, neighbors=neighbors, networks=entry.networks
            )
        except ValidationError as error:
            refused = refusal(error)
            addresses = [str(neighbor.address) for neighbor in entry.neighbors]
            places = {"neighbors": addresses, "networks": [str(network) for network in entry.networks]}
            self.problems.add(refused.message, _last(path, places, refused.subject))
            return None

    def eigrp(self, entries: tuple[EigrpEntry, ...]) -> Mapping[int, EigrpProcess]:
        """The EIGRP processes by AS."""
        found: dict[int, EigrpProcess] = {}
        for index, entry in enumerate(entries):
            path = (*self.here, "eigrp", index)
            if entry.asn in found:
                self.problems.add(f"EIGRP {entry.asn} stands here twice", (*path, "asn"))
                continue
            try:
                found[entry.asn] = EigrpProcess(
                    as_number=entry.asn,
                    router_id=entry.router_id,
                    networks=entry.networks,
                    passive_interfaces=entry.passive,
                )
            except ValidationError as error:
                refused = refusal(error)
                places = {"networks": [str(network) for network in entry.networks], "passive": list(entry.passive)}
                self.problems.add(refused.message, _last(path, places, refused.subject))
        return found

    def access_lists(self, entries: Mapping[str, AccessListEntry]) -> Mapping[str, AccessList]:
        """The access lists by name."""
        here = (*self.here, "access_lists")
        lists = (
            self._list(name, entry, (*here, list_key(self.problems.root, here, name)))
            for name, entry in entries.items()
        )
        return {acl.name: acl for acl in lists if acl is not None}

    def _list(self, name: str, entry: AccessListEntry, path: Path) -> AccessList | None:
        entries: list[AclEntry] = []
        for index, line in enumerate(entry.entries):
            last = entries[-1].sequence if entries else 0
            found = self._entry(line, line.sequence or last + _STEP, (*path, "entries", index))
            if found is None:
                return None
            entries.append(found)
        try:
            kind = entry.kind or kind_by_number(name) or "extended"
            return AccessList(name=name, kind=kind, entries=tuple(entries))
        except ValidationError as error:
            refused = refusal(error)
            place = ("entries", int(refused.subject)) if refused.subject.isdecimal() else (refused.subject,)
            self.problems.add(refused.message, (*path, *place))
            return None

    def _entry(self, line: FilterEntry, sequence: int, path: Path) -> AclEntry | None:
        said = line.model_fields_set - {"sequence"}
        if line.remark is not None and said != {"remark"}:
            self.problems.add("a remark stands alone; make the rest an entry of its own", (*path, "remark"))
            return None
        if line.remark is None and line.action is None:
            self.problems.add("action is missing; write action: permit or deny, or a remark", path)
            return None
        try:
            return _remark_or_rule(line, sequence)
        except ValidationError as error:
            refused = refusal(error)
            self.problems.add(refused.message, (*path, refused.subject) if refused.subject in said else path)
            return None


def _remark_or_rule(line: FilterEntry, sequence: int) -> AclEntry:
    if line.action is None:
        return AclRemark(sequence=sequence, text=line.remark or "")
    return AclRule(
        sequence=sequence,
        action=line.action,
        protocol=line.protocol,
        source=line.source,
        source_ports=line.source_port,
        destination=line.destination,
        destination_ports=line.destination_port,
        established=line.established,
        log=line.log,
        message=line.message,
        fragments=line.fragments,
        dscp=line.dscp,
        precedence=line.precedence,
        tos=line.tos,
        time_range=line.time_range,
        log_input=line.log_input,
        service_group=line.service_group,
        source_group=line.source_group,
        destination_group=line.destination_group,
    )


def _last(path: Path, places: Mapping[str, list[str]], subject: str) -> Path:
    """The path of the last thing in a list whose text is the subject; the one before it was right."""
    for name, texts in places.items():
        if subject in texts:
            return (*path, name, len(texts) - 1 - texts[::-1].index(subject))
    return path
