"""Scripts of sh that make container networks as they should be; run again, they change nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cimnet_nornir.application.host_parts import HostContainer, HostContainerNetwork, HostSide, Runtime
from cimnet_nornir.nix.container_commands import (
    INSPECT,
    LABEL,
    OWNER,
    attachment,
    creation,
    creation_of_old_podman,
    digest,
    dns_arguments,
    needs_unmanaged,
    run_arguments,
)
from cimnet_nornir.nix.shell import Line, Program, call, comment, lines, quoted, sh_file

_PATIENCE = 30
"""Seconds that a unit waits for an interface: systemd-networkd makes them while the host starts."""

_FUNCTIONS = """
fail() { printf 'cimnet: %s\\n' "$1" >&2; exit 1; }

interface() { # NAME: it is there, or comes
  tries=0
  until [ -e "/sys/class/net/$1" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt "$patience" ] || fail "there is no interface $1; systemd-networkd is to make it"
    sleep 1
  done
}

network() { # NAME SETTINGS ARGUMENT...: it is there with these settings
  name=$1 wanted=$2
  shift 2
  have=$("$runtime" network inspect --format "$inspect" -- "$name" 2>/dev/null) || have=
  if [ "$have" = "$wanted" ]; then return 0; fi
  if [ -n "$have" ]; then
    case $have in
      *' ') fail "somebody else made the network $name ($have, not $wanted); remove it, or name yours otherwise" ;;
    esac
    release "$name"
    [ -z "$("$runtime" ps --all --quiet --filter "network=$name")" ] ||
      fail "the network $name has other settings ($have, not $wanted) and containers use it; remove these first"
    "$runtime" network rm -- "$name" >/dev/null
  fi
  "$runtime" network create "$@" -- "$name" >/dev/null
}
"""

_UNMANAGED = """
unmanaged() { # Podman from 5.5 on leaves a bridge alone that somebody else made
  version=$("$runtime" version --format '{{.Client.Version}}')
  major=${version%%.*} rest=${version#*.}
  minor=${rest%%.*}
  [ "$major" -gt 5 ] || { [ "$major" -eq 5 ] && [ "$minor" -ge 5 ]; }
}
"""

# In a unit, containers have stopped before their network does.
_RELEASE_NOTHING = "release() { :; }"

_CONTAINERS = f"""
label='=={{{{index .Config.Labels "{LABEL}"}}}}'

release() {{ # NETWORK: remove the containers that this script started in it; it starts them anew
  for each in $("$runtime" ps --all --quiet --filter "network=$1" --filter label={LABEL}); do
    "$runtime" rm --force "$each" >/dev/null
  done
}}

container() {{ # NAME SETTINGS ARGUMENT...: it runs with these settings
  name=$1 wanted=$2
  shift 2
  have=$("$runtime" container inspect --format "$label" -- "$name" 2>/dev/null) || have=
  case $have in
    "==$wanted") "$runtime" start -- "$name" >/dev/null; return 0 ;;
    ==) fail "somebody else made the container $name; remove it, or name yours otherwise" ;;
    ==*) "$runtime" rm --force -- "$name" >/dev/null ;;
  esac
  "$runtime" run --detach --name="$name" --restart=always "$@" >/dev/null
}}
"""

_PRUNE = f"""
# What was wanted once: it goes where nobody uses it.
"$runtime" ps --all --filter "label={OWNER}=$owner" --format '{{{{.Names}}}}' |
  while IFS= read -r each; do
    case $containers in *" $each "*) ;; *) "$runtime" rm --force -- "$each" >/dev/null ;; esac
  done
"$runtime" network ls --filter "label={OWNER}=$owner" --format '{{{{.Name}}}}' |
  while IFS= read -r each; do
    case $networks in *" $each "*) continue ;; esac
    [ -n "$("$runtime" ps --all --quiet --filter "network=$each")" ] || "$runtime" network rm -- "$each" >/dev/null
  done
"""


def network_functions(runtime: Runtime) -> tuple[Line, ...]:
    """The functions that all units of a runtime's networks use: a file of its own, which network_unit reads."""
    return (*_head(runtime, _PATIENCE), *lines(_RELEASE_NOTHING), *_functions(needs_version=runtime == "podman"))


def network_unit(host: HostSide, network: HostContainerNetwork, program: Program, functions: str) -> tuple[Line, ...]:
    """What a unit runs for one network; `program` is the runtime's, `functions` the path of network_functions."""
    return (("runtime=", *program), (f". {functions}",), *_network(host, network))


def network_unit_stop(network: HostContainerNetwork, program: Program) -> tuple[Line, ...]:
    """What the unit runs when it is stopped: a network that nobody uses goes, so that another can have its place."""
    name = quoted(network.name)
    return (
        ("runtime=", *program),
        (f'[ -n "$("$runtime" ps --all --quiet --filter network={name})" ] ||',),
        (f'  "$runtime" network rm -- {name} >/dev/null || true',),
    )


def runtime_script(host: HostSide, runtime: Runtime) -> str:
    """All that a runtime is to have on a host, networks and containers, for a host without NixOS."""
    networks = [each for each in host.container_networks if each.runtime == runtime]
    return sh_file(_runtime_script(host, runtime, networks))


def containers_of(networks: Sequence[HostContainerNetwork]) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """The containers with an image by their names: the image, and what `run` is told of their networks.

    A container of one network has `--network` with its name, one of several has an address in each.
    """
    found: dict[str, list[tuple[HostContainerNetwork, HostContainer]]] = {}
    for network in networks:
        for container in network.containers:
            if container.image is not None:
                found.setdefault(container.name, []).append((network, container))
    return {name: (places[0][1].image or "", _places(places)) for name, places in sorted(found.items())}


def _places(places: Sequence[tuple[HostContainerNetwork, HostContainer]]) -> tuple[str, ...]:
    if len(places) == 1:
        (network, container) = places[0]
        return (f"--network={network.name}", *run_arguments(network, container))
    resolvers = dict.fromkeys(word for network, _ in places for word in dns_arguments(network))
    return (*(f"--network={attachment(*place)}" for place in places), *resolvers)


def _runtime_script(host: HostSide, runtime: Runtime, networks: Sequence[HostContainerNetwork]) -> Iterator[Line]:
    yield (comment(f"The container networks of {host.name} in {host.network}, and the containers, by {runtime}."),)
    yield ("# Generated by cimnet from the network's intent: what is changed here is lost with the next generation.",)
    if runtime == "podman":
        yield ("# Containers start with the host where podman-restart.service is enabled.",)
    yield ("set -eu",)
    yield (f"runtime={runtime}",)
    yield (f"owner={quoted(host.network)}",)
    yield from _head(runtime, 1)
    yield from lines(_CONTAINERS)
    yield from _functions(needs_version=any(needs_unmanaged(network) for network in networks))
    for network in networks:
        yield from _network(host, network)
    containers = containers_of(networks)
    for name, (image, arguments) in containers.items():
        yield ("",)
        yield from _container(host, name, image, arguments)
    yield ("",)
    yield (f"containers={quoted(_words(containers))}",)
    yield (f"networks={quoted(_words(network.name for network in networks))}",)
    yield from lines(_PRUNE)


def _head(runtime: Runtime, patience: int) -> Iterator[Line]:
    yield (f"patience={patience}",)
    yield (f"inspect={quoted(INSPECT[runtime])}",)


def _functions(*, needs_version: bool) -> Iterator[Line]:
    yield from lines(_FUNCTIONS)
    if needs_version:
        yield from lines(_UNMANAGED)


def _network(host: HostSide, network: HostContainerNetwork) -> Iterator[Line]:
    yield ("",)
    yield from (
        (comment(f"{each.name}: {each.address}, {each.mac}; somebody else starts it"),)
        for each in network.containers
        if each.image is None
    )
    if network.interface is None:
        yield from _swarm(host, network)
        return
    yield from call(("interface", network.interface))
    if not needs_unmanaged(network):
        yield from _create(host, network, indent="")
        return
    yield ("if unmanaged; then",)
    yield from _create(host, network, indent="  ")
    yield ("else",)
    yield from _create_with_old_podman(host, network)
    yield ("fi",)


def _create(host: HostSide, network: HostContainerNetwork, *, indent: str) -> Iterator[Line]:
    made = creation(host, network)
    yield from call(("network", network.name, made.inspected, *made.arguments), indent=indent)


def _create_with_old_podman(host: HostSide, network: HostContainerNetwork) -> Iterator[Line]:
    made = creation_of_old_podman(host, network)
    if made is None:
        said = f"the network {network.name} is on a bridge with the host's own address: it needs Podman 5.5 or newer"
        yield from call(("fail", said), indent="  ")
    else:
        yield from call(("network", network.name, made.inspected, *made.arguments), indent="  ")


def _swarm(host: HostSide, network: HostContainerNetwork) -> Iterator[Line]:
    """An overlay is made once, on a manager of the swarm; other hosts have it as soon as a container there uses it."""
    said = f"the overlay {network.name} needs a swarm: docker swarm init, and docker swarm join on the other hosts"
    yield ("case $(\"$runtime\" info --format '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}') in",)
    yield ("  'active true')",)
    yield from _create(host, network, indent="    ")
    yield ("    ;;",)
    yield ("  active*) ;;",)
    yield (f"  *) fail {quoted(said)} ;;",)
    yield ("esac",)


def _container(host: HostSide, name: str, image: str, arguments: tuple[str, ...]) -> Iterator[Line]:
    words = (*arguments, f"--label={OWNER}={host.network}")
    made = digest((*words, image))
    # What follows "--" is the image, and never an option.
    yield from call(("container", name, made, *words, f"--label={LABEL}={made}", "--", image))


def _words(names: Iterable[str]) -> str:
    return f" {' '.join(names)} "
