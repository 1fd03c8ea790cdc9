"""Access groups of interfaces: part of the base where it has the list, else settings by themselves."""

import re

from cimnet_nornir.domain.features.interfaces import AccessGroup
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.interfaces import interfaces
from cimnet_nornir.ios.tree import Config

_GROUP = re.compile(r"ip access-group (?P<list>\S+) (?P<direction>in|out)")


def read(config: Config, draft: Draft) -> None:
    """Take in the access groups; the access lists are read by now."""
    for name, said in interfaces(config):
        for match in (match for line in said.lines if (match := _GROUP.fullmatch(line))):
            routed = draft.device.interfaces.get(name)
            if routed is not None and match["list"] in draft.device.access_lists:
                update = {f"access_group_{match['direction']}": match["list"]}
                draft.device.interfaces[name] = routed.model_copy(update=update)
            else:
                draft.add(AccessGroup, interface=name, direction=match["direction"], access_list=match["list"])
