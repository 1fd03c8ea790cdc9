"""Rendered sections put together."""

from cimnet_nornir.ios.outline import merge_outline, read_outline, write_outline

PROCESS = """router bgp 1
 bgp log-neighbor-changes
 !
 address-family ipv4
  network 10.0.0.0
 exit-address-family
!
"""


def merged(base: str, *others: str) -> str:
    outline = read_outline(base)
    for other in others:
        merge_outline(outline, read_outline(other))
    return write_outline(outline)


def test_lines_of_a_process_stand_before_its_families() -> None:
    more = "router bgp 1\n neighbor 10.0.0.2 remote-as 2\n address-family ipv4\n  neighbor 10.0.0.2 activate\n"
    assert (
        merged(PROCESS, more)
        == """router bgp 1
 bgp log-neighbor-changes
 neighbor 10.0.0.2 remote-as 2
 !
 address-family ipv4
  network 10.0.0.0
  neighbor 10.0.0.2 activate
 exit-address-family
!
"""
    )


def test_a_family_that_comes_is_left_like_the_one_before() -> None:
    more = "router bgp 1\n address-family ipv6\n  neighbor 2001:DB8::2 activate\n exit-address-family\n"
    last = "router bgp 1\n neighbor 2001:DB8::2 remote-as 2\n"
    assert (
        merged(PROCESS, more, last)
        == """router bgp 1
 bgp log-neighbor-changes
 neighbor 2001:DB8::2 remote-as 2
 !
 address-family ipv4
  network 10.0.0.0
 exit-address-family
 !
 address-family ipv6
  neighbor 2001:DB8::2 activate
 exit-address-family
!
"""
    )


def test_what_stands_there_already_is_not_said_twice() -> None:
    assert merged(PROCESS, PROCESS) == PROCESS
    assert (
        merged("hostname r1\n!\n", "hostname r1\nntp server 192.0.2.1\n") == "hostname r1\n!\nntp server 192.0.2.1\n!\n"
    )
