"""Networks for the tests of rules, written as people write them."""

from collections.abc import Callable

import pytest

from cimnet_nornir.definition import load_definition
from cimnet_nornir.domain.desired import commands_between
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.working import Working

HEAD = """network: campus
defaults: {vendor: cisco, platform: ios, kind: switch}
vlans: {10: users, 20: voice, 99: management}
port_profiles:
  trunk: {mode: trunk, native: 99, allowed: "10,20,99"}
  user: {mode: access, vlan: 10}
"""


@pytest.fixture(scope="session")
def network_of() -> Callable[[str], Network]:
    """Makes a network of the `devices:` and `links:` of a definition; rules of the domain hold, findings may be."""

    def make(text: str) -> Network:
        desired = load_definition(HEAD + text, file="network.yaml").desired
        working = Working(Network("campus"))
        for command in commands_between(working.network, desired):
            working.execute(command)
        working.finish()
        return working.network

    return make
