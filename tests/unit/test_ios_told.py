"""What no device shows, and secrets that tell lines apart: compared with what was sent last, and by their marks."""

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.device import Device
from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine

USER = "snmp-server user eve OPS v3 auth sha <secret:env:EVE>\n"
OTHER = "snmp-server user eve OPS v3 auth sha <secret:env:OTHER>\n"
GROUP = "snmp-server group OPS v3 auth\n"
SECRETS = {"env:EVE": "eve-word", "env:OTHER": "other-word", "env:READING": "let-me-read"}


@pytest.fixture
def engine() -> IosEngine:
    return IosEngine(TemplateBundle.load(), SECRETS.get)


@pytest.fixture
def switch(small: NetworkService) -> Device:
    return small.network().devices["sw1"]


class TestUserOfSnmp:
    """`show running-config` has none of them."""

    def test_one_that_was_never_sent_is_sent(self, engine: IosEngine, switch: Device) -> None:
        found = engine.compare(switch, GROUP, GROUP + USER)
        assert found.commands == (USER.strip(),)
        assert found.inverse == ("no snmp-server user eve OPS v3",)
        assert [text for text in found.warnings if "even if it was there before" in text]

    def test_one_that_was_sent_just_so_is_not_missed(self, engine: IosEngine, switch: Device) -> None:
        assert engine.compare(switch, GROUP, GROUP + USER, formerly=GROUP + USER).in_sync

    def test_one_that_changed_is_sent_and_the_way_back_sends_the_old_one(
        self, engine: IosEngine, switch: Device
    ) -> None:
        found = engine.compare(switch, GROUP, GROUP + OTHER, formerly=GROUP + USER)
        assert found.commands == (OTHER.strip(),)
        assert found.inverse == (USER.strip(),)

    def test_one_that_is_not_intended_any_more_goes(self, engine: IosEngine, switch: Device) -> None:
        assert engine.compare(switch, GROUP, GROUP, formerly=GROUP + USER).commands == (
            "no snmp-server user eve OPS v3",
        )

    def test_no_file_replaces_it(self, engine: IosEngine, switch: Device) -> None:
        running = f"version 15.2\nvtp mode transparent\n{GROUP}end\n"
        with pytest.raises(ConfigurationError, match="users of SNMPv3 out of its configuration"):
            engine.candidate(switch, running, GROUP + USER, replace=True)
        file = engine.candidate(
            switch, running, f"{GROUP}{USER}snmp-server location attic\n", formerly=GROUP + USER, replace=True
        )
        assert "attic" in file
        assert "user" not in file

    def test_a_file_to_merge_has_its_secret(self, engine: IosEngine, switch: Device) -> None:
        assert "auth sha eve-word\n" in engine.candidate(switch, GROUP, GROUP + USER)

    def test_what_was_sent_is_put_beside_what_is_shown(self, engine: IosEngine) -> None:
        assert engine.with_unshown(GROUP, GROUP + USER) == GROUP + USER
        assert engine.with_unshown(GROUP + USER, OTHER) == GROUP + OTHER
        assert engine.with_unshown(GROUP + USER, None) == GROUP + USER


class TestCommunity:
    """Its name is the secret."""

    MARKED = "snmp-server community <secret:env:READING> RO 10\n"

    def test_the_same_name_is_the_same_community(self, engine: IosEngine, switch: Device) -> None:
        assert engine.compare(switch, "snmp-server community let-me-read RO 10\n", self.MARKED).in_sync

    def test_another_list_of_it_is_typed_over_the_old_one(self, engine: IosEngine, switch: Device) -> None:
        found = engine.compare(switch, "snmp-server community let-me-read RO 20\n", self.MARKED)
        assert found.commands == (self.MARKED.strip(),)
        assert found.inverse == ("snmp-server community <secret:env:READING> RO 20",)
        assert "let-me-read" not in found.diff

    def test_another_name_comes_before_the_old_one_goes(self, engine: IosEngine, switch: Device) -> None:
        found = engine.compare(switch, "snmp-server community let-me RO 10\n", self.MARKED)
        assert found.commands == (self.MARKED.strip(), "no snmp-server community let-me")

    def test_a_file_that_replaces_all_has_the_name(self, engine: IosEngine, switch: Device) -> None:
        running = "version 15.2\nvtp mode transparent\nsnmp-server community let-me-read RO 20\nend\n"
        assert "snmp-server community let-me-read RO 10\n" in engine.candidate(
            switch, running, self.MARKED, replace=True
        )
