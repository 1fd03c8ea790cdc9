"""Large texts (configurations) by the name of their content."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator

from cimnet_nornir.errors import NotFound, StoreCorrupt
from cimnet_nornir.store.port import Problem


def blob_name(data: bytes) -> str:
    """`sha256:` and the SHA-256 of the bytes in hexadecimal."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def pack(data: bytes) -> bytes:
    """The bytes as they are kept: zlib's format."""
    return zlib.compress(data)


def unpack(digest: str, packed: bytes | None) -> bytes:
    """The bytes again; NotFound when there are none, StoreCorrupt when they do not fit their name."""
    if packed is None:
        raise NotFound(f"nothing is stored under {digest}", subject=digest)
    try:
        data = zlib.decompress(packed)
    except (zlib.error, TypeError) as error:
        raise StoreCorrupt(f"what is stored under {digest} cannot be unpacked: {error}", subject=digest) from error
    if blob_name(data) != digest:
        raise StoreCorrupt(f"what is stored under {digest} does not fit that name", subject=digest)
    return data


def blob_problems(packed: Iterable[tuple[str, bytes]]) -> Iterator[Problem]:
    """What is kept and does not fit its name."""
    for digest, data in packed:
        try:
            unpack(digest, data)
        except StoreCorrupt as error:
            yield Problem(None, error.message)
