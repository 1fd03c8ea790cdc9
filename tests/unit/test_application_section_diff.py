"""Two configurations compared line by line, each change below the headers of its section."""

import pytest

from cimnet_nornir.application.section_diff import section_diff

BEFORE = """\
hostname r1
!
interface Gi0/0
 description a
 mtu 1500
!
interface Gi0/1
 description a
!
router bgp 1
 address-family ipv4
  neighbor x activate
  network 192.0.2.0
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ()),
        ("hostname r1", "hostname r2", ("- hostname r1", "+ hostname r2")),
        (
            "interface Gi0/1\n description a",
            "interface Gi0/1\n description b",
            ("  interface Gi0/1", "-  description a", "+  description b"),
        ),
        (
            "  network 192.0.2.0\n",
            "  network 198.51.100.0\n",
            (
                "  router bgp 1",
                "   address-family ipv4",
                "-   network 192.0.2.0",
                "+   network 198.51.100.0",
            ),
        ),
        (
            "router bgp 1",
            "interface Gi0/2\n shutdown\n!\nrouter bgp 1",
            ("+ interface Gi0/2", "+  shutdown"),
        ),
        ("!\nrouter bgp 1", "!\n!\nrouter bgp 1", ()),
    ],
)
def test_a_change_stands_below_its_headers(old: str, new: str, expected: tuple[str, ...]) -> None:
    assert old in BEFORE
    assert section_diff(BEFORE, BEFORE.replace(old, new, 1) if old else BEFORE) == expected


def test_a_header_is_told_once_for_changes_that_stand_together() -> None:
    after = BEFORE.replace(" description a\n mtu 1500", " description b\n mtu 1500\n ip mtu 1400", 1)
    assert section_diff(BEFORE, after) == (
        "  interface Gi0/0",
        "-  description a",
        "+  description b",
        "+  ip mtu 1400",
    )


def test_the_same_header_is_told_again_after_another() -> None:
    after = BEFORE.replace("hostname r1", "hostname r2").replace(" mtu 1500\n", "")
    assert section_diff(BEFORE, after) == (
        "- hostname r1",
        "+ hostname r2",
        "  interface Gi0/0",
        "-  mtu 1500",
    )
