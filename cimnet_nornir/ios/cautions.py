"""What a person should read before a remediation is sent: what cuts the way to the device, and what is doubtful."""

from cimnet_nornir.domain.device import Device
from cimnet_nornir.ios.login_path import doubts_about_users
from cimnet_nornir.ios.management import cuts_management
from cimnet_nornir.ios.steps import Remediation
from cimnet_nornir.ios.tree import Config
from cimnet_nornir.ios.vlan_database import refused_by_a_client


def cautions(
    device: Device, whole: Config, have: Config, after: Config, remediation: Remediation
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What cuts the way by which the push arrives, and what else a person should read of the commands.

    What is left alone on the device is there before and after: a bundle of ports may carry the management VLAN.
    """
    ours = {node.text for node in have.nodes}
    alone = tuple(node for node in whole.nodes if node.text not in ours)
    was, now = (Config((*config.nodes, *alone)) for config in (have, after))
    paths = ((*step.section, step.command) for step in remediation.steps)
    cuts = dict.fromkeys(cuts_management(device, was, now, remediation.lines()))
    return tuple(cuts), (*doubts_about_users(was, now), *refused_by_a_client(device.name, was, now, paths))
