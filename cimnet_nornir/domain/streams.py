"""How streams are named: what an `aggregate_id` says."""

from uuid import UUID


def network_stream(network: str) -> str:
    return f"network:{network}"


def device_stream(network: str, device: str) -> str:
    return f"device:{network}/{device}"


def device_prefix(network: str) -> str:
    """What the streams of all devices of a network begin with."""
    return f"device:{network}/"


def pool_stream(network: str, pool: str) -> str:
    return f"pool:{network}/{pool}"


def pool_prefix(network: str) -> str:
    """What the streams of all address pools of a network begin with."""
    return f"pool:{network}/"


def waivers_stream(network: str) -> str:
    return f"waivers:{network}"


def container_network_stream(network: str, name: str) -> str:
    return f"container-network:{network}/{name}"


def vm_network_stream(network: str, name: str) -> str:
    return f"vm-network:{network}/{name}"


def hosted_prefixes(network: str) -> tuple[str, str]:
    """What the streams of all container networks and of all VM networks of a network begin with."""
    return f"container-network:{network}/", f"vm-network:{network}/"


def request_stream(request: UUID) -> str:
    return f"request:{request}"


def plan_stream(network: str, digest: str) -> str:
    """What was decided about one plan, named by its digest."""
    return f"plan:{network}/{digest}"


def deployment_stream(deployment: UUID) -> str:
    return f"deployment:{deployment}"


def push_stream(deployment: UUID, device: str) -> str:
    """The stream of one device in a deployment: results are facts and must not contend."""
    return f"deployment:{deployment}/{device}"


def observation_stream(environment: str, network: str, device: str) -> str:
    """Changes of state seen on a device, told per environment."""
    return f"observed:{environment}:{network}/{device}"


def ignored_stream(environment: str, network: str, device: str) -> str:
    """What drift of a device people let be, told per environment."""
    return f"ignored:{environment}:{network}/{device}"


def backup_stream(environment: str, network: str, device: str) -> str:
    """The configurations of a device that were kept, told per environment."""
    return f"backup:{environment}:{network}/{device}"


def status_stream(environment: str, network: str, device: str) -> str:
    """Whether a device was seen up, told per environment."""
    return f"status:{environment}:{network}/{device}"


def ports_stream(environment: str, network: str, device: str) -> str:
    """What was seen of a device's ports, told per environment."""
    return f"ports:{environment}:{network}/{device}"


def lifecycle_stream(environment: str, network: str, device: str) -> str:
    """What became of a device's life besides pushes, told per environment."""
    return f"lifecycle:{environment}:{network}/{device}"
