"""Short ids a person types, and the limits that go with prefixes."""

LAST_CHARACTER = "\U0010ffff"
MOST_FOUND = 10
"""How many events a typed beginning of an id may find."""

_HEX = frozenset("0123456789abcdef")
_GROUPS = (8, 12, 16, 20, 32)


def id_prefix(text: str) -> str | None:
    """The beginning of a UUID in its usual form, from any case and with hyphens or none; None for anything else."""
    digits = text.strip().lower().replace("-", "")
    if not digits or len(digits) > _GROUPS[-1] or not _HEX.issuperset(digits):
        return None
    starts = (0, *_GROUPS[:-1])
    return "-".join(digits[start:end] for start, end in zip(starts, _GROUPS, strict=True) if start < len(digits))
