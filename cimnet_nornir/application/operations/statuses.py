"""What the facade knows of devices for whoever tells their state: each read once, and what waits to be applied."""

from collections.abc import Iterable, Mapping

from cimnet_nornir.application.lifecycle import Standings, standings_of
from cimnet_nornir.application.operations.core import require_created
from cimnet_nornir.application.operations.lifecycles import Lifecycles
from cimnet_nornir.application.plan import text_digest
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.lifecycle import LifecycleState
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.streams import device_prefix, hosted_prefixes
from cimnet_nornir.errors import CimnetError, DeviceNotFound
from cimnet_nornir.projections.applied import Applied, load_applied
from cimnet_nornir.projections.hosts import past_outline
from cimnet_nornir.projections.intent import open_intent
from cimnet_nornir.projections.inventory import HostView
from cimnet_nornir.projections.lifecycle import with_lifecycle

# Digests of rendered configurations; a program that runs for months does not grow by them.
_MOST_REMEMBERED = 20_000
# So many configurations are rendered for one who asks, which takes some tenths of a second.
_MOST_AT_ONCE = 50
_IN_SERVICE = frozenset({LifecycleState.ACTIVE, LifecycleState.MAINTENANCE})


class Statuses(Lifecycles):
    """Devices with where they stand, and those whose intent waits."""

    def standing_hosts(self, at: int | None = None) -> tuple[tuple[HostView, ...], Standings]:
        """`hosts` and `lifecycle` of one moment, read together."""
        hosts, lives = self._hosts(at), self._statuses(at)
        return with_lifecycle(hosts, lives), standings_of(hosts, lives, self.network_name, self.environment)

    def outline(self, at: int | None = None) -> Network:
        """Devices with their ports, and links, read in a moment: what ports are to do is missing in the past.

        Devices of the present are read as they are asked for. Raises NotFound where there is no network.
        """
        if at is not None:
            return require_created(past_outline(self.store, self.network_name, at), at)
        return require_created(open_intent(self.store, self.network_name).network, at)

    def device_within(self, name: str, at: int | None = None) -> tuple[Device, Network]:
        """A device by its host name or id, and its network; of the present only those are read that are asked for.

        Raises DeviceNotFound, and NotFound where there is no network.
        """
        network = self.outline() if at is None else self.network(at)
        # To look for the name among the devices themselves would be to read them all.
        named = (host.device for host in self._hosts(at) if host.name.lower() == name.lower())
        identity = next(named, name)
        if identity not in network.devices:
            raise DeviceNotFound(f"there is no device {name!r}; cimnet inventory lists them", subject=name)
        return network.devices[identity], network

    def pending(self, hosts: Iterable[HostView], standings: Standings, at: int | None = None) -> frozenset[str]:
        """The ids of the devices whose intent is newer than what was applied to them last.

        Where a device's events are newer, its configuration is rendered and compared: not every event shows in it.
        Of many, some are compared at each call, and the others wait until then.
        """
        applied = load_applied(self.store, self.network_name, self.environment, until=at)
        last = self._last_positions(at)
        waiting: dict[str, Applied] = {}
        for host in hosts:
            if host.is_server and not self.manages(host.device):
                continue
            known = applied.get(host.device) or self._as_it_is(standings, host.device)
            if known.intent < last.get(host.device, 0) or (host.is_server and known.intent < last[""]):
                waiting[host.device] = known
        return frozenset(self._still_waiting(waiting, last, at))

    def _last_positions(self, at: int | None) -> dict[str, int]:
        """By device id the position of its last event of intent; under no id, that of the networks behind hosts."""
        prefix = device_prefix(self.network_name)
        last = {
            stream.removeprefix(prefix): position
            for stream, position in self.store.last_positions(prefix, until=at).items()
        }
        hosted = (
            position
            for prefix in hosted_prefixes(self.network_name)
            for position in self.store.last_positions(prefix, until=at).values()
        )
        return {**last, "": max(hosted, default=0)}

    def _as_it_is(self, standings: Standings, device: str) -> Applied:
        """A device in service that was never pushed to runs what was intended when it was taken into service."""
        standing = standings.get(device)
        if standing is None or standing.status.state not in _IN_SERVICE:
            return Applied(0, "")
        return Applied(self.store.position_at(standing.status.since), "")

    def _still_waiting(self, waiting: Mapping[str, Applied], last: Mapping[str, int], at: int | None) -> Iterable[str]:
        """Those that would be given another configuration than was applied, as far as that is known."""
        keys = {device: (device, max(last.get(device, 0), last[""])) for device in waiting}
        unknown = [device for device, known in waiting.items() if known.rendered and keys[device] not in self._rendered]
        if unknown:
            network = self._to_render(at)
            # After a change of a thousand devices nobody waits for all of them: the next who asks has more compared.
            for device in unknown[:_MOST_AT_ONCE]:
                self._remember(keys[device], self._digest(device, network))
        for device, known in waiting.items():
            if not known.rendered or self._rendered.get(keys[device]) != known.rendered:
                yield device

    def _to_render(self, at: int | None) -> Network:
        """The network, whose devices are read as they are asked for where it is that of the present."""
        return open_intent(self.store, self.network_name).network if at is None else self.intent(at).network

    def _digest(self, device: str, network: Network) -> str:
        """What a plan would name the device's configuration by; empty where it cannot be rendered."""
        try:
            found = network.devices[device]
            return text_digest(self.engine_of(found).render(found, network))
        except (CimnetError, KeyError):
            # It is told of by whoever plans; here it waits.
            return ""

    def _remember(self, key: tuple[str, int], digest: str) -> None:
        with self._lock:
            if len(self._rendered) >= _MOST_REMEMBERED:
                self._rendered.clear()
            self._rendered[key] = digest
