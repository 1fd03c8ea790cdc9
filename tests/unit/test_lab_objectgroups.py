"""What object groups refuse on a simulated device, and how it shows their members."""

import pytest

from tests.unit.test_lab_services import Configured

USED = ("object-group network A", "host 10.0.0.1", "ip access-list extended X", "permit ip object-group A any")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((*USED, "no object-group network A"), "% Object-group A is in use"),
        ((*USED, "object-group network A", "no host 10.0.0.1"), "% Object-group A is in use and cannot be empty"),
        (
            ("ip access-list extended X", "permit object-group S any any"),
            "% The object-group S does not exist or is empty",
        ),
        (
            ("object-group network A", "access-list 101 permit ip any object-group A"),
            "% The object-group A does not exist or is empty",
        ),
        (("object-group network B", "group-object A"), "% The object-group A does not exist or is empty"),
        (
            (*USED[:2], "object-group network B", "group-object A", "no object-group network A"),
            "% Object-group A is in use",
        ),
        ((*USED[:2], "object-group service A"), "% Object-group A is of type network"),
    ],
)
def test_what_is_missing_or_in_use_is_refused(lines: tuple[str, ...], said: str) -> None:
    assert Configured("router", *lines).said == said


def test_members_are_shown_by_host_and_by_name() -> None:
    configured = Configured("router", "object-group network A", "10.0.0.1 255.255.255.255", "object-group service S")
    configured.type("object-group service S", "tcp eq 80", "50", "icmp 8")
    assert configured.has(" host 10.0.0.1")
    assert configured.block("object-group service S") == ["object-group service S", " tcp eq www", " esp", " icmp echo"]
