"""Older shapes of events, brought to the present one while they are read; what is stored never changes."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from cimnet_nornir.errors import StoreError

Payload = dict[str, object]
Step = Callable[[Payload], Payload]


@dataclass(frozen=True, slots=True)
class Upcasters:
    """What this program knows of earlier shapes.

    `steps` maps (type, schema version) to the function that makes the next schema version of its data; `renamed` maps
    an earlier type name to the present one, under which the steps stand. Raises StoreError for names that go in a ring.
    """

    steps: Mapping[tuple[str, int], Step] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.renamed:
            self.present_name(name)

    def present_name(self, type_name: str) -> str:
        """The name the type has now."""
        seen = [type_name]
        while (name := self.renamed.get(seen[-1])) is not None:
            if name in seen:
                raise StoreError(f"the renamed event types go in a ring: {' -> '.join([*seen, name])}", subject=name)
            seen.append(name)
        return seen[-1]

    def stored_names(self, type_names: Collection[str]) -> frozenset[str]:
        """The names under which events of these (present) types may have been stored."""
        earlier = (name for name in self.renamed if self.present_name(name) in type_names)
        return frozenset(type_names).union(earlier)

    def apply(self, type_name: str, version: int, data: Payload) -> tuple[int, Payload]:
        """The schema version and data after every step that is known for this (present) type name."""
        while (step := self.steps.get((type_name, version))) is not None:
            data = step(data)
            version += 1
        return version, data
