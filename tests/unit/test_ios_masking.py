"""Secrets are hidden wherever a configuration keeps one, and nothing else is."""

import pytest

from cimnet_nornir.ios.masking import MASK, mask_secrets

SECRETS = (
    "username admin privilege 15 secret 9 {}",
    "username admin password 0 {}",
    "username admin secret {}",
    "enable secret 5 {}",
    "enable secret 9 {}",
    "enable password {}",
    "enable password level 15 7 {}",
    "enable algorithm-type scrypt secret {}",
    "username admin privilege 15 algorithm-type sha256 secret {}",
    " client 10.0.0.1 server-key 7 {}",
    " client 10.0.0.1 vrf RED server-key 7 {}",
    "snmp-server host 10.0.0.1 informs vrf RED version 2c {} bgp",
    " mail-server ann:{}@10.0.0.1 priority 1",
    " authentication-key 7 {}",
    "cts sxp default password {}",
    "mab request format attribute 2 7 {}",
    " ip rsvp authentication key {}",
    " encryption key 1 size 128bit 7 {} transmit-key",
    " encryption vlan 5 key 1 size 40bit {}",
    " web admin system name ann password {}",
    " ipv4 etr map-server 10.0.0.1 key 7 {} hash-function sha1",
    "  sap pmk {} mode-list gcm-encrypt",
    " server-private 10.0.0.1 auth-port 1812 acct-port 1813 key {}",
    " bind authenticate root-dn cn=x,dc=y password {}",
    " password 7 {}",
    " password {}",
    "no username admin secret 5 {}",
    "snmp-server community {} RO 10",
    "no snmp-server community {}",
    "snmp-server host 10.0.0.1 version 2c {} bgp",
    "snmp-server host 10.0.0.1 {}",
    "snmp-server host 10.0.0.1 vrf RED informs version 2c {}",
    "snmp-server user mon grp v3 auth md5 {} priv des {} access 10",
    "snmp-server user mon grp v3 auth sha {} priv aes 128 {}",
    "tacacs-server key 7 {}",
    "tacacs-server host 10.0.0.1 key {}",
    "radius-server host 10.0.0.1 auth-port 1812 acct-port 1813 key 7 {}",
    " key 7 {}",
    " key {}",
    "  key-string 7 {}",
    " server-private 10.0.0.1 key 7 {}",
    "key config-key password-encrypt {}",
    "ntp authentication-key 1 md5 {} 7",
    " ip ospf authentication-key 7 {}",
    " ip ospf message-digest-key 1 md5 7 {}",
    " area 1 virtual-link 10.0.0.1 message-digest-key 1 md5 {}",
    " neighbor 10.0.0.1 password 7 {}",
    " standby 1 authentication {}",
    " standby 1 authentication md5 key-string 7 {}",
    " vrrp 1 authentication text {}",
    " ppp chap password 7 {}",
    " ppp pap sent-username me password 7 {}",
    "crypto isakmp key {} address 10.0.0.1",
    " pre-shared-key address 10.0.0.1 key {}",
    " pre-shared-key {}",
    "ip ftp password 7 {}",
    " ip nhrp authentication {}",
    "+ username admin secret 9 {}",
    "-  password 7 {}",
    " authentication local pre-share key {}",
    " authentication remote pre-share key 0 {}",
    " set session-key inbound esp 256 cipher {} authenticator {}",
    " set session-key outbound ah 256 {}",
    " area 1 sham-link 10.0.0.1 10.0.0.2 authentication-key {}",
    "   authentication mode hmac-sha-256 0 {}",
    "mpls ldp neighbor 10.0.0.2 password {}",
    "mpls ldp neighbor vrf RED 10.0.0.2 password 7 {}",
    "mpls ldp password option 1 for 10 {}",
    "snmp-server community-map {} context RED",
    "snmp mib community-map {} engineid 123",
    "vtp password {}",
    "ip wccp web-cache password {}",
    "ip msdp password peer 10.0.0.2 0 {}",
    " l2tp tunnel password 0 {}",
    " digest secret 0 {} hash MD5",
    " set aggressive-mode password {}",
    " credentials username 1 password 0 {} realm voice",
    " authentication username 1 password {} realm voice",
    " security wpa psk set-key ascii 0 {}",
    "ap dot1x username u password 0 {} secret 0 {}",
    "event manager environment _ftp_pw {}",
    ' action 1.0 cli command "enable secret {}"',
)
URLS = (
    " path ftp://ann:{}@10.0.0.4/kept",
    " cli copy running-config scp://ann:{}@10.0.0.4/kept",
    " enrollment url http://ann:{}@10.0.0.1:80/",
)
KEYS = (
    " ipv6 ospf authentication ipsec spi 500 md5 {}",
    " ipv6 ospf encryption ipsec spi 501 esp aes-cbc 128 0 {} sha1 0 {}",
    " area 0 authentication ipsec spi 600 sha1 {}",
    " ospfv3 encryption ipsec spi 501 esp null sha1 7 {}",
)
PLAIN = (
    "service password-encryption",
    "no service password-encryption",
    "password encryption aes",
    "security passwords min-length 8",
    "key chain OSPF",
    " key 1",
    " match community PEERS",
    " set community 65000:1",
    "ip community-list standard PEERS permit 65000:1",
    " standby 1 authentication md5 key-chain HSRP",
    "aaa authentication login default local",
    " description the key to the password is under the mat",
    "crypto key generate rsa modulus 2048",
    "snmp-server location room 1",
    "interface GigabitEthernet0/1",
    "snmp-server host 10.0.0.1 version 3 priv graphs",
    " description its password 7 is under the mat",
    " 10 remark the secret 5 is out",
    " ipv6 ospf authentication ipsec spi 500",
    " authentication local pre-share",
    " path ftp://10.0.0.4/kept",
    " path ftp://ann@10.0.0.4:21/kept",
    "ip http server",
    "ip http client source-interface Loopback0",
    "ip ftp username ann",
    " isis metric 10 level-2",
    " isis network point-to-point",
    " mail-server 10.0.0.1 priority 1",
    " digest secret",
)


@pytest.mark.parametrize("line", SECRETS)
@pytest.mark.parametrize("secret", ["$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM", "S3cret!"])
def test_a_secret_is_masked_and_the_line_keeps_its_form(line: str, secret: str) -> None:
    assert mask_secrets(line.format(secret, secret)) == line.format(MASK, MASK)


@pytest.mark.parametrize("line", KEYS)
def test_keys_of_ospf_for_ipv6_are_masked(line: str) -> None:
    key = "0123456789ABCDEF0123456789ABCDEF"
    assert mask_secrets(line.format(key, key)) == line.format(MASK, MASK)


@pytest.mark.parametrize("line", URLS)
def test_the_password_in_a_url_is_masked(line: str) -> None:
    assert mask_secrets(line.format("S3cret!")) == line.format(MASK)


@pytest.mark.parametrize("line", SECRETS)
def test_a_mark_that_names_where_a_secret_is_stays(line: str) -> None:
    marked = line.format("<secret:env:FIRST>", "<secret:env:SECOND>")
    assert mask_secrets(marked) == marked


@pytest.mark.parametrize("line", PLAIN)
def test_a_line_without_a_secret_stays_as_it_is(line: str) -> None:
    assert mask_secrets(line) == line


@pytest.mark.parametrize("line", SECRETS + PLAIN)
def test_masking_twice_changes_nothing(line: str) -> None:
    once = mask_secrets(line.format("one two", "three"))
    assert mask_secrets(once) == once


def test_a_password_with_spaces_is_masked_to_its_end() -> None:
    assert mask_secrets("line vty 0 4\n password open sesame now\n login\n") == (
        f"line vty 0 4\n password {MASK}\n login\n"
    )


def test_each_line_of_a_text_is_masked_by_itself() -> None:
    text = "hostname r1\nenable secret 9 $9$abc\nsnmp-server community public RO\nsnmp-server community x RW 5\n"
    assert mask_secrets(text) == (
        f"hostname r1\nenable secret 9 {MASK}\nsnmp-server community {MASK} RO\nsnmp-server community {MASK} RW 5\n"
    )


def test_a_key_of_digits_alone_is_masked_unless_it_counts_keys() -> None:
    assert mask_secrets("tacacs server T\n key 123456\n") == f"tacacs server T\n key {MASK}\n"
    assert mask_secrets("key chain OSPF\n key 12\n") == "key chain OSPF\n key 12\n"
