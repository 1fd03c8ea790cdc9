"""A secret that a device shows hashed is compared with the clear text of intent."""

import pytest

from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.passwords import read_type_7, same_secret
from cimnet_nornir.ios.profiles import ROUTER_IOS
from cimnet_nornir.ios.remediation import remediate
from cimnet_nornir.ios.tree import parse_config

# Published examples: the hash modes 500, 9200 and 9300 of hashcat, and Cisco's own for type 7.
SHOWN = (
    ("5 $1$28772684$iEwNOgGugqO9.bIz5sk8k/", "hashcat"),
    ("8 $8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk", "hashcat"),
    ("9 $9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6", "hashcat"),
    ("4 2btjjy78REtmYkkW0csHUbJZOstRXoWdX1mGrmmfeHI", "hashcat"),
    ("7 0822455D0A16", "cisco"),
    ("0 cisco", "cisco"),
)
HEADS = (
    "username a password",
    "username a privilege 15 view v password",
    "enable password level 5",
    "password",
    "key",
    "tacacs-server key",
    "tacacs-server host 10.0.0.1 single-connection port 50 key",
    "radius-server host 10.0.0.1 auth-port 1812 acct-port 1813 key",
    "server-private 10.0.0.1 key",
    "server-private 10.0.0.1 auth-port 1812 acct-port 1813 key",
    "neighbor 10.0.0.1 password",
    "ip ospf message-digest-key 1 md5",
    "area 1 virtual-link 10.0.0.1 message-digest-key 1 md5",
    "standby 1 authentication md5 key-string",
    "key-string",
    "bind authenticate root-dn cn=x password",
)


@pytest.mark.parametrize(("shown", "clear"), SHOWN)
def test_a_shown_secret_is_recognised_by_its_clear_text(shown: str, clear: str) -> None:
    assert same_secret(f"username admin privilege 15 secret {shown}", f"username admin privilege 15 secret {clear}")
    assert same_secret(f"enable secret {shown}", f"enable secret 0 {clear}")


@pytest.mark.parametrize(("shown", "clear"), SHOWN)
def test_another_secret_is_not_taken_for_it(shown: str, clear: str) -> None:
    assert not same_secret(f"enable secret {shown}", f"enable secret {clear}x")


def test_lines_that_differ_in_more_than_the_secret_differ() -> None:
    assert not same_secret("username a privilege 1 secret 7 0822455D0A16", "username a privilege 15 secret cisco")
    assert not same_secret("enable secret 7 0822455D0A16", "enable secret 9 $9$x$y")
    assert not same_secret("hostname a", "hostname b")


@pytest.mark.parametrize("damaged", ["zz22455D0A16", "08224", "", "99FFFFFF"])
def test_what_is_no_type_7_is_not_read(damaged: str) -> None:
    assert read_type_7(damaged) is None


@pytest.mark.parametrize("damaged", ["5 $1$x", "8 $8$x", "9 $9$x$y$z"])
def test_a_damaged_hash_matches_nothing(damaged: str) -> None:
    assert not same_secret(f"enable secret {damaged}", "enable secret cisco")


def test_a_secret_that_is_set_already_is_not_sent_again() -> None:
    running = normalise(parse_config("username a secret 9 " + SHOWN[2][0].split(" ")[1]), ROUTER_IOS)
    same = normalise(parse_config("username a secret hashcat"), ROUTER_IOS)
    other = normalise(parse_config("username a secret changed"), ROUTER_IOS)
    assert remediate(running, same, ROUTER_IOS).is_empty
    assert remediate(running, other, ROUTER_IOS).lines() == ("username a secret changed",)


@pytest.mark.parametrize("head", HEADS)
def test_what_is_encrypted_on_the_device_is_read_wherever_it_stands(head: str) -> None:
    assert same_secret(f"{head} 7 0822455D0A16", f"{head} cisco")
    assert same_secret(f"{head} 7 0822455D0A16", f"{head} 7 02050D480809")
    assert same_secret(f"{head} cisco", f"{head} 7 02050D480809")
    assert not same_secret(f"{head} 7 0822455D0A16", f"{head} other")
    assert not same_secret(f"{head} 6 AAAA", f"{head} cisco")


def test_the_type_of_a_key_of_ntp_stands_behind_it() -> None:
    assert same_secret("ntp authentication-key 1 md5 0822455D0A16 7", "ntp authentication-key 1 md5 cisco")
    assert not same_secret("ntp authentication-key 1 md5 0822455D0A16 7", "ntp authentication-key 2 md5 cisco")


@pytest.mark.parametrize(("algorithm", "index"), [("md5", 0), ("sha256", 1), ("scrypt", 2)])
def test_an_algorithm_that_is_asked_for_must_be_the_one_of_the_hash(algorithm: str, index: int) -> None:
    shown, clear = SHOWN[index]
    intended = f"username a privilege 15 algorithm-type {algorithm} secret {clear}"
    assert same_secret(f"username a privilege 15 secret {shown}", intended)
    assert not same_secret(f"username a privilege 15 secret {SHOWN[(index + 1) % 3][0]}", intended)
    assert same_secret(f"enable secret {shown}", f"enable algorithm-type {algorithm} secret {clear}")
