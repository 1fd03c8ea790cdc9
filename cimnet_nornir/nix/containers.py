"""What Podman and Docker are to do on a server, as options of NixOS and as scripts for any other Linux.

Options as in nixos/modules/virtualisation/{podman/default,docker,oci-containers}.nix. NixOS starts containers and makes
no network for them: each network has a oneshot unit here, before those of its containers.
"""

import re
from collections.abc import Mapping, Sequence

from cimnet_nornir.application.host_kinds import Macvlan
from cimnet_nornir.application.host_parts import HostContainerNetwork, HostSide, Runtime
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.nix.container_commands import is_gateway
from cimnet_nornir.nix.container_scripts import (
    containers_of,
    network_functions,
    network_unit,
    network_unit_stop,
    runtime_script,
)
from cimnet_nornir.nix.expressions import Code, Value
from cimnet_nornir.nix.shell import Program, block
from cimnet_nornir.nix.units import oneshot, unit_name

_PROGRAMS: Mapping[Runtime, Program] = {
    "podman": (Code("pkgs.podman"), "/bin/podman"),
    "docker": (Code("pkgs.docker"), "/bin/docker"),
}
# The rule of both runtimes for names; oci-containers.nix puts a container's into a shell without quotes.
_CONTAINER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_FUNCTIONS = "cimnet/{}-networks.sh"
_BRIDGE_FILTER = "net.bridge.bridge-nf-call-iptables"


def container_settings(host: HostSide) -> dict[str, Value]:
    """By option path what the containers of a server need; empty where it has no network of them.

    Raises InvalidValue for a container with a name that no runtime takes.
    """
    if not host.container_networks:
        return {}
    runtimes = _runtimes(host)
    settings: dict[str, Value] = {f"virtualisation.{runtime}.enable": True for runtime in runtimes}
    settings |= _oci_containers(host)
    settings["environment.etc"] = {
        _FUNCTIONS.format(runtime): {"text": block(network_functions(runtime))} for runtime in runtimes
    }
    settings["systemd.services"] = {
        _unit(network): _network_service(host, network) for network in host.container_networks
    }
    if any(_crosses_bridge(host, network) for network in host.container_networks):
        # Docker drops what is forwarded, and with br_netfilter also what only crosses a bridge: the module is loaded
        # before the setting is made, for with it comes the default, 1 (docs.kernel.org, networking/ip-sysctl).
        settings["boot.kernelModules"] = ("br_netfilter",)
        settings["boot.kernel.sysctl"] = {_BRIDGE_FILTER: 0}
    return settings


def podman_script(host: HostSide) -> str:
    """A script for a host without NixOS that makes its Podman networks and starts their containers.

    Podman 5.5 is the oldest with bridges of the host; with an older one (Debian 12 and 13) containers on a VLAN are
    macvlan interfaces on the bridge, and a network whose gateway is the host itself is refused.
    """
    return runtime_script(host, "podman")


def docker_script(host: HostSide) -> str:
    """A script for a host without NixOS that makes its Docker networks and starts their containers."""
    return runtime_script(host, "docker")


def container_scripts(host: HostSide) -> Mapping[str, str]:
    """By file name what a host without NixOS runs for its containers, and the setting of the kernel that it needs."""
    files: dict[str, str] = {f"{runtime}.sh": runtime_script(host, runtime) for runtime in _runtimes(host)}
    if any(_crosses_bridge(host, network) for network in host.container_networks):
        why = "# Docker drops what is forwarded, and with br_netfilter also what only crosses a bridge."
        files["modules-load.d/cimnet.conf"] = f"{why}\nbr_netfilter\n"
        files["sysctl.d/90-cimnet.conf"] = f"{why}\n{_BRIDGE_FILTER} = 0\n"
    return files


def _runtimes(host: HostSide) -> tuple[Runtime, ...]:
    return tuple(sorted({network.runtime for network in host.container_networks}))


def _crosses_bridge(host: HostSide, network: HostContainerNetwork) -> bool:
    """Whether frames of a Docker network go through a bridge to a gateway that is another machine."""
    bridged = network.interface is not None and not isinstance(network.driver, Macvlan)
    return network.runtime == "docker" and bridged and not is_gateway(host, network)


def _oci_containers(host: HostSide) -> dict[str, Value]:
    """The containers with an image, which NixOS starts by one runtime a host: host_containers.py sees to that."""
    for runtime in _runtimes(host):
        containers = containers_of(_networks(host, runtime))
        if containers:
            return {
                "virtualisation.oci-containers.backend": runtime,
                "virtualisation.oci-containers.containers": {
                    _checked(name): _container(image, arguments) for name, (image, arguments) in containers.items()
                },
            }
    return {}


def _container(image: str, arguments: Sequence[str]) -> Value:
    networks = tuple(word.removeprefix("--network=") for word in arguments if word.startswith("--network="))
    others = tuple(word for word in arguments if not word.startswith("--network="))
    return {"image": image, "networks": networks, "extraOptions": others}


def _network_service(host: HostSide, network: HostContainerNetwork) -> Value:
    program, functions = _PROGRAMS[network.runtime], f"/etc/{_FUNCTIONS.format(network.runtime)}"
    daemon = ("docker.service",) if network.runtime == "docker" else ()
    users = tuple(
        f"{network.runtime}-{_checked(container.name)}.service"
        for container in network.containers
        if container.image is not None
    )
    # An overlay is there for other hosts too.
    stop = {} if network.interface is None else {"preStop": block(network_unit_stop(network, program))}
    return {
        **oneshot(f"Container network {network.name}", after=daemon, before=users),
        "script": block(network_unit(host, network, program, functions)),
        **stop,
    }


def _unit(network: HostContainerNetwork) -> str:
    return unit_name(f"cimnet-{network.runtime}-network", network.name)


def _networks(host: HostSide, runtime: Runtime) -> tuple[HostContainerNetwork, ...]:
    return tuple(network for network in host.container_networks if network.runtime == runtime)


def _checked(name: str) -> str:
    if not _CONTAINER_NAME.fullmatch(name):
        raise InvalidValue(
            f"{name!r} is no name of a container: letters, digits, '-', '_' and '.', the first a letter or digit",
            subject="container",
        )
    return name
