"""Who may come in to a simulated device: users, AAA, its servers, and what the lines ask."""

import pytest

from tests.unit.test_lab_services import Configured


class TestPasswords:
    def test_a_password_is_shown_as_it_is_until_the_device_encrypts(self) -> None:
        configured = Configured("router", "username eve password word", "enable password other")
        assert configured.has("username eve password 0 word")
        assert configured.has("enable password other")

    def test_encryption_reaches_what_is_there_already_and_does_not_go_back(self) -> None:
        lines = ("username eve password word", "tacacs-server host 10.0.0.1 key word", "line con 0", "password word")
        configured = Configured("router", *lines, "service password-encryption", "no service password-encryption")
        text = configured.device.running_config()
        assert "word\n" not in text.replace("no service password-encryption", "")
        assert text.count(" 7 ") == 3
        assert configured.device.accepts("eve", "word")

    def test_what_is_no_type_7_is_refused(self) -> None:
        assert Configured("router", "username eve password 7 xyz").said == "Invalid encrypted password: xyz"

    def test_a_user_has_no_password_beside_a_secret(self) -> None:
        configured = Configured("router", "username eve password word", "username eve secret word")
        assert configured.said.startswith("ERROR: Can not have both a user password and a user secret.")
        assert configured.has("username eve password 0 word")

    def test_a_new_secret_leaves_the_privilege(self) -> None:
        configured = Configured("router", "username eve privilege 15 secret a", "username eve secret 5 $1$b$c")
        assert configured.has("username eve privilege 15 secret 5 $1$b$c")
        assert configured.type("username eve privilege 1").has("username eve secret 5 $1$b$c")


class TestAaa:
    def test_nothing_of_it_is_known_without_the_new_model(self) -> None:
        configured = Configured("router", "aaa authentication login default local")
        assert "% Invalid" in configured.said
        assert "% Invalid" in configured.type("aaa group server tacacs+ T").said

    def test_the_new_model_takes_what_the_lines_said_of_logins(self) -> None:
        configured = Configured("router", "line vty 0 4", "login local", "aaa new-model")
        assert configured.block("line vty 0 4")[1:] == []
        assert configured.has("aaa session-id common")
        assert "% Invalid" in configured.type("line vty 0 4", "login local").said
        assert configured.type("login authentication VTY").block("line vty 0 4")[1:] == [" login authentication VTY"]

    def test_it_takes_its_lists_along(self) -> None:
        configured = Configured(
            "router",
            "aaa new-model",
            "aaa group server tacacs+ T",
            "server 10.0.0.1",
            "aaa authentication login default group T local",
            "line vty 0 4",
            "login authentication default",
            "no aaa new-model",
        )
        assert "aaa" not in configured.device.running_config().replace("no aaa new-model", "")
        assert configured.block("line vty 0 4")[1:] == []

    @pytest.mark.parametrize(
        "line",
        [
            "aaa authentication login default magic",
            "aaa accounting exec default start-stop magic",
            "aaa accounting exec default start-stop",
            "aaa accounting exec default none group tacacs+",
        ],
    )
    def test_a_method_that_is_none_is_invalid(self, line: str) -> None:
        assert "% Invalid" in Configured("router", "aaa new-model", line).said

    def test_a_list_is_replaced_and_goes_by_its_name(self) -> None:
        configured = Configured(
            "switch", "aaa new-model", "aaa authentication login A local", "aaa authentication login A enable"
        )
        assert configured.has("aaa authentication login A enable")
        assert not configured.has("aaa authentication login A local")
        assert "login A" not in configured.type("no aaa authentication login A").device.running_config()

    def test_classic_routers_show_accounting_as_a_section(self) -> None:
        line = "aaa accounting commands 15 default start-stop broadcast group tacacs+"
        configured = Configured("router", "aaa new-model", line)
        block = ["aaa accounting commands 15 default", " action-type start-stop", " broadcast", " group tacacs+"]
        assert configured.block(block[0]) == block
        assert Configured("router", "aaa new-model", *block).block(block[0]) == block
        assert Configured("switch", "aaa new-model", line).has(line)
        configured.type("no aaa accounting commands 15 default")
        assert "accounting" not in configured.device.running_config()


class TestServers:
    def test_radius_shows_its_ports(self) -> None:
        configured = Configured("router", "aaa new-model", "radius server R", "address ipv4 10.0.0.1 auth-port 1812")
        assert configured.block("radius server R")[1:] == [" address ipv4 10.0.0.1 auth-port 1812 acct-port 1646"]
        configured.type("aaa group server radius G", "server 10.0.0.1")
        assert configured.block("aaa group server radius G")[1:] == [" server 10.0.0.1 auth-port 1645 acct-port 1646"]

    def test_servers_of_a_group_stay_in_the_order_in_which_they_came(self) -> None:
        configured = Configured(
            "router", "aaa new-model", "aaa group server tacacs+ G", "server name B", "server-private 10.0.0.9 key k"
        )
        configured.type("server name A")
        block = configured.block("aaa group server tacacs+ G")
        assert block[1:] == [" server name B", " server-private 10.0.0.9 key k", " server name A"]

    def test_a_host_has_one_line(self) -> None:
        configured = Configured("router", "tacacs-server host 10.0.0.1", "tacacs-server host 10.0.0.1 port 50 key a b")
        assert configured.has("tacacs-server host 10.0.0.1 port 50 key a b")
        assert not configured.has("tacacs-server host 10.0.0.1")
        assert "tacacs" not in configured.type("no tacacs-server host 10.0.0.1").device.running_config()


class TestLines:
    def test_without_a_timeout_nobody_is_logged_out(self) -> None:
        configured = Configured("router", "line con 0", "exec-timeout 5", "no exec-timeout")
        assert configured.block("line con 0")[1:] == [" exec-timeout 0 0"]
        assert configured.type("exec-timeout 10 0").block("line con 0")[1:] == []

    def test_lines_of_a_module_are_kept(self) -> None:
        configured = Configured("router", "line 2 5", "no exec", "stopbits 1")
        assert configured.block("line 2 5")[1:] == [" no exec", " stopbits 1"]
        assert "% Invalid" in configured.type("line 5 2").said


class TestSystem:
    def test_six_servers_are_asked_for_names_in_their_order(self) -> None:
        configured = Configured("router", "ip name-server 10.0.0.2 10.0.0.1", "ip name-server 10.0.0.3")
        shown = [line for line in configured.device.running_config().split("\n") if "name-server" in line]
        assert shown == [f"ip name-server 10.0.0.{n}" for n in (2, 1, 3)]
        configured.type("ip name-server 10.1.0.1 10.1.0.2 10.1.0.3 10.1.0.4")
        assert configured.said == "% Name-server table is full; 6 entries"
        configured.type("no ip name-server 10.0.0.1")
        assert not configured.has("ip name-server 10.0.0.1")
        assert "name-server" not in configured.type("no ip name-server").device.running_config()

    def test_the_clock_shows_minutes(self) -> None:
        configured = Configured("router", "clock timezone CET 1")
        assert configured.has("clock timezone CET 1 0")
        assert "clock" not in configured.type("clock timezone UTC 0").device.running_config()
        assert "% Invalid" in configured.type("clock summer-time CEST sometimes").said
        line = "clock summer-time CEST recurring last Sun Mar 2:00 last Sun Oct 3:00"
        assert configured.type(line).has(line)
