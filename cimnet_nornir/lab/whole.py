"""The lab: every device and host of a specification listening on a loopback port of its own, in one event loop."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from types import MappingProxyType

from cimnet_nornir.errors import InvalidInput, NotFound
from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.host_folder import HostFolder
from cimnet_nornir.lab.host_server import HostServer, login_key
from cimnet_nornir.lab.server import DeviceServer
from cimnet_nornir.lab.spec import LabSpec
from cimnet_nornir.lab.state import HOST_LOGIN_FILE, LabEndpoint
from cimnet_nornir.lab.storage import FolderStorage, write_atomically
from cimnet_nornir.lab.topology import Topology


class Lab:
    """All devices and hosts of a specification; their state lies under STATE_DIR/devices/NAME, STATE_DIR/hosts/NAME."""

    def __init__(self, spec: LabSpec, state_dir: Path, host: str = "127.0.0.1", *, reload_seconds: float = 1.0) -> None:
        self.spec = spec
        self.host = host
        self._ports_file = state_dir / "ports.json"
        self._state_dir = state_dir
        self._reload_seconds = reload_seconds
        self._servers: dict[str, DeviceServer] = {}
        self._hosts: dict[str, HostServer] = {}

    @property
    def ports(self) -> Mapping[str, int]:
        """The port of each device and host."""
        return MappingProxyType({name: server.port for name, server in (self._servers | self._hosts).items()})

    @property
    def devices(self) -> Mapping[str, Device]:
        """The devices themselves."""
        return MappingProxyType({name: server.device for name, server in self._servers.items()})

    @property
    def hosts(self) -> Mapping[str, HostServer]:
        """The NixOS hosts."""
        return MappingProxyType(self._hosts)

    @property
    def host_endpoints(self) -> Mapping[str, LabEndpoint]:
        """Where each NixOS host is, and what is wrong with it."""
        return {
            name: LabEndpoint(name, self.host, server.port, server.host_key, server.up, server.faults.label)
            for name, server in self._hosts.items()
        }

    @property
    def endpoints(self) -> Mapping[str, LabEndpoint]:
        """Where each device is, and what is wrong with it."""
        return {
            name: LabEndpoint(name, self.host, server.port, server.host_key, server.up, server.faults.label)
            for name, server in self._servers.items()
        }

    async def start(self) -> None:
        """Switch every device on; returns when all listen, on the ports they had before where those are free."""
        kept = _kept_ports(self._ports_file)
        for declared in self.spec.devices:
            folder = self._state_dir / "devices" / declared.name
            device = Device(declared, self.spec.credentials, FolderStorage(folder))
            port = kept.get(declared.name, 0)
            self._servers[declared.name] = DeviceServer(device, folder, self.host, port, self._reload_seconds)
        topology = Topology(self.devices, self.spec.links)
        for server in self._servers.values():
            server.device.topology = topology
        await asyncio.gather(*(server.open() for server in self._servers.values()), self._start_hosts(kept))
        write_atomically(self._ports_file, json.dumps(dict(self.ports)))

    async def _start_hosts(self, kept: Mapping[str, int]) -> None:
        if not self.spec.hosts:
            return
        login = login_key(self._state_dir / HOST_LOGIN_FILE)
        for declared in self.spec.hosts:
            folder = HostFolder(self._state_dir / "hosts" / declared.name / "root", minute=declared.minute)
            key_file = self._state_dir / "hosts" / declared.name / "ssh_host_key"
            port = kept.get(declared.name, 0)
            self._hosts[declared.name] = HostServer(folder, key_file, self.host, port, login)
        await asyncio.gather(*(server.start() for server in self._hosts.values()))

    async def stop(self) -> None:
        """Switch every device and host off."""
        devices = (server.stop() for server in self._servers.values())
        await asyncio.gather(*devices, *(server.stop() for server in self._hosts.values()))

    async def way(self, device: str, address: IPv4Address) -> int:
        """The port of this machine that leads to an address of a device, as long as the device has it.

        Raises NotFound for an unknown device.
        """
        server = self._servers.get(device)
        if server is None:
            raise NotFound(f"the lab has no device {device}", subject=device)
        return await server.ways.open(address)

    async def set_fault(self, device: str, fault: str, arguments: Mapping[str, object]) -> None:
        """Give a device or host a fault; raises NotFound for an unknown one, InvalidInput for a wrong fault."""
        if device in self._hosts:
            await self._hosts[device].set_fault(fault)
            return
        server = self._servers.get(device)
        if server is None:
            raise NotFound(f"the lab has no device {device}", subject=device)
        await server.set_fault(fault, arguments)

    async def advance(self, device: str | None, by: timedelta) -> Mapping[str, datetime]:
        """Set the clock of one device, or of all, forward (by nothing: read it); what each shows then.

        Raises NotFound for an unknown device, InvalidInput where time would go back.
        """
        if by < timedelta():
            raise InvalidInput("a clock is set forward, not back", subject=device or "lab")
        servers: dict[str, DeviceServer | HostServer] = {**self._servers, **self._hosts}
        if device is not None and device not in servers:
            raise NotFound(f"the lab has no device {device}", subject=device)
        chosen = {name: server for name, server in servers.items() if device in {None, name}}
        shown = await asyncio.gather(*(server.advance(by) for server in chosen.values()))
        return dict(zip(chosen, shown, strict=True))


def _kept_ports(path: Path) -> Mapping[str, int]:
    try:
        return {str(name): int(port) for name, port in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, AttributeError):
        return {}
