"""Configurations of services with lines that no setting says: those are adopted, and all comes out as it went in."""

import pytest

from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.dhcp import DhcpPool
from cimnet_nornir.domain.features.services import Archive, ArchiveLog
from cimnet_nornir.domain.features.tracking import Probe, ProbeSchedule
from cimnet_nornir.domain.reading import Reading
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator
from cimnet_nornir.ios.reading import read_configuration

TEXT = """hostname x
logging buffered discriminator NOISE 16384 informational
logging host 192.0.2.1 sequence-num-session
logging host 192.0.2.2
logging host 192.0.2.2 transport tcp port 1500
logging source-interface Loopback0 vrf MGMT
logging source-interface Loopback0
archive
 log config
  logging enable
  logging persistent auto
 path flash:x
 rollback filter adaptive
control-plane
 service-policy input COPP
ip dhcp pool P
 network 10.0.0.0 255.255.255.0
 network 10.1.0.0 255.255.255.0 secondary
  override default-router 10.1.0.1
 lease 0 12
 import all
ip sla 5
 icmp-echo 192.0.2.5
  frequency 10
  history hours-of-statistics-kept 1
ip sla schedule 5 life forever start-time now
ip sla 6
 http get http://192.0.2.6
ip sla schedule 6 life 7200 start-time now recurring
ip sla reaction-configuration 5 react timeout threshold-type immediate action-type trapOnly
track 10 interface GigabitEthernet0/0 ip routing
 carrier-delay
 delay up 3
snmp-server community first RO
snmp-server community second view V RW 10
snmp-server host 192.0.2.9 version 2c first
snmp-server host 192.0.2.9 version 3 auth eve
snmp-server enable traps
snmp-server enable traps ospf state-change
snmp-server group G v3 priv context vlan-10 read V
ntp server pool.example minpoll 6
ntp server vrf MGMT 192.0.2.1
ntp server 192.0.2.1 prefer
ntp access-group ipv4 peer 10
ntp authentication-key 1 md5 02050D480809 7
ntp broadcastdelay 5
alias exec x show x | include  two  blanks
no cdp run
ip cef distributed
ip forward-protocol udp 4011
end
"""


@pytest.fixture(params=["ios", "iosxe"])
def reading(request: pytest.FixtureRequest) -> Reading:
    details = DeviceDetails(vendor="cisco", platform=request.param, model="")
    return read_configuration(TEXT, IosGenerator(TemplateBundle.load()), name="x", details=details, place="file:")


def test_nothing_is_lost_and_nothing_comes_in(reading: Reading) -> None:
    assert (reading.left, reading.surplus) == ((), ())


def test_the_settings_are_what_the_lines_say(reading: Reading) -> None:
    features = reading.device.features
    assert features["archive"] == Archive(path="flash:x", log=ArchiveLog())
    assert features["ip-sla 5"] == Probe(number=5, target="192.0.2.5", frequency=10, schedule=ProbeSchedule())
    pool = features["dhcp-pool P"]
    assert isinstance(pool, DhcpPool)
    assert (str(pool.network), pool.lease) == ("10.0.0.0/24", 720)
    assert {"track 10", "cdp", "ntp-server 192.0.2.1", "ntp-server pool.example", "alias x"} <= set(features)


def test_what_no_setting_says_is_adopted_below_the_line_it_stands_below(reading: Reading) -> None:
    adopted = {line.path for line in reading.lines if line.how == "adopted"}
    assert ("archive", "log config", "logging persistent auto") in adopted
    assert ("ip sla 5", "icmp-echo 192.0.2.5", "history hours-of-statistics-kept 1") in adopted
    assert ("ip dhcp pool P", "import all") in adopted
    assert ("ip sla 6",) in adopted
    assert not {("archive",), ("ip dhcp pool P",), ("ip sla 5",), ("logging source-interface Loopback0",)} & adopted


def test_secrets_are_moved_out(reading: Reading) -> None:
    assert set(reading.secrets.values()) == {"7 02050D480809", "first", "second"}
