"""The network definition: YAML with positions, its JSON Schema, and the way back from a network to a file."""

from cimnet_nornir.definition.load import Definition, check_definition, load_definition, read_definition, read_text
from cimnet_nornir.definition.positions import Position, Positions

__all__ = [
    "Definition",
    "Position",
    "Positions",
    "check_definition",
    "load_definition",
    "read_definition",
    "read_text",
]
