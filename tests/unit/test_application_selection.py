"""Which hosts a command is about."""

import pytest

from cimnet_nornir.application.selection import choose
from cimnet_nornir.errors import NotFound
from cimnet_nornir.projections.inventory import HostView


def host(name: str, *groups: str, device: str = "") -> HostView:
    return HostView(name, device or name, "ios", None, groups, {}, None)


HOSTS = (
    host("acc1", "role__access", "site__hq"),
    host("acc2", "role__access", "site__lab"),
    host("core", "role__core", "site__hq", device="dist1"),
    host("r1", "role__core", "site__lab"),
)


@pytest.mark.parametrize(
    ("names", "limits", "chosen"),
    [
        ((), (), ("acc1", "acc2", "core", "r1")),
        (("r1", "acc1"), (), ("acc1", "r1")),
        (("dist1",), (), ("core",)),
        ((), ("acc1",), ("acc1",)),
        ((), ("acc*",), ("acc1", "acc2")),
        ((), ("dist1",), ("core",)),
        ((), ("acc?", "r1"), ("acc1", "acc2", "r1")),
        ((), ("acc1,r1",), ("acc1", "r1")),
        ((), (" acc1 , r1 ,",), ("acc1", "r1")),
        ((), ("group:role__access",), ("acc1", "acc2")),
        ((), ("group:site__*",), ("acc1", "acc2", "core", "r1")),
        ((), ("!acc*",), ("core", "r1")),
        ((), ("!group:site__hq",), ("acc2", "r1")),
        ((), ("group:role__access", "!acc2"), ("acc1",)),
        ((), ("group:role__core,!r1",), ("core",)),
        (("acc1", "acc2"), ("group:site__hq",), ("acc1",)),
        ((), ("",), ("acc1", "acc2", "core", "r1")),
    ],
)
def test_names_and_limits_choose(names: tuple[str, ...], limits: tuple[str, ...], chosen: tuple[str, ...]) -> None:
    assert choose(HOSTS, names, limits) == chosen


@pytest.mark.parametrize(
    ("names", "limits", "message"),
    [
        (("acc3",), (), r"there is no device 'acc3'; did you mean acc\d\?"),
        (("printer",), (), "there is no device 'printer'; cimnet inventory lists them"),
        ((), ("acc9",), "--limit acc9: no host or group fits; cimnet inventory lists them"),
        ((), ("group:role__edge",), "--limit group:role__edge: no host or group fits"),
        ((), ("!nobody",), "--limit nobody: no host or group fits"),
        ((), ("!",), "--limit : no host or group fits"),
        (("acc1",), ("acc2",), "no host is left by acc1 acc2"),
        ((), ("acc*,!group:role__access",), r"no host is left by acc\*,!group:role__access"),
    ],
)
def test_what_fits_no_host_is_refused(names: tuple[str, ...], limits: tuple[str, ...], message: str) -> None:
    with pytest.raises(NotFound, match=message):
        choose(HOSTS, names, limits)


def test_an_empty_inventory_leaves_nobody() -> None:
    assert choose((), (), ("acc*",)) == ()
    with pytest.raises(NotFound, match="there is no device 'acc1'"):
        choose((), ("acc1",), ())
