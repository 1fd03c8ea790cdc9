"""What the facade shows of a network as a whole: the host side as Nix."""

from collections.abc import Iterable

from cimnet_nornir.application.host_flake import FlakeContents, flake_contents
from cimnet_nornir.application.host_side import host_side, host_sides
from cimnet_nornir.application.host_site import has_hosts, require_fixed
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.topology_document import topology_document


class Views(Core):
    """The network in other forms, now or as of a position."""

    _flake: tuple[int, dict[str, bytes]] | None = None

    def nix_topology(self, at: int | None = None) -> str:
        """The network as a Nix attribute set: devices, links, VLANs, hosts, and the networks on them.

        Raises SettingsError where the service was built without a generator for hosts, RuleViolated where what stands
        on a host cannot be.
        """
        return self.host_generator.topology(topology_document(self.network(at)))

    def nix_module(self, host: str, at: int | None = None) -> str:
        """The NixOS module of one host: its VLAN interfaces, bridges and addresses for systemd-networkd.

        Raises DeviceNotFound, InvalidValue where it is no host, and what `nix_topology` does.
        """
        return self.host_generator.module(host_side(self.network(at), host))

    def nix_modules(self, at: int | None = None) -> dict[str, str]:
        """The NixOS modules of all hosts, by host name."""
        return {side.name: self.host_generator.module(side) for side in host_sides(self.network(at))}

    def flake_contents(self, at: int | None = None) -> FlakeContents:
        """What the hosts' flake is made of: all hosts, and every router and switch with its configuration masked.

        Raises SettingsError where the service was built without a configuration engine, RenderError, RuleViolated.
        """
        intent, engine = self.declared(at), self.engine
        network = intent.network
        return flake_contents(network, intent.position, lambda device: engine.mask(engine.render(device, network)))

    def generated_flake(self, at: int | None = None) -> dict[str, bytes]:
        """What is generated of the hosts' flake, by file name; what the project adds to it is not among it.

        That of the present is kept until the intent changes: each host of a deployment is brought the same.
        """
        position = self.declared(at).position
        with self._lock:
            kept = self._flake if at is None else None
        if kept is None or kept[0] != position:
            kept = position, dict(self.host_generator.flake(self.flake_contents(at)))
        if at is None:
            with self._lock:
                self._flake = kept
        return dict(kept[1])

    def host_flake(self, at: int | None = None) -> dict[str, bytes]:
        """The whole flake, by file name, as it is brought to a host: what is generated, and the project's own files.

        The module of each host names these files, so that the host can tell which ones it was built from.
        """
        site, generated = self._site(), self.generated_flake(at)
        modules = {f"hosts/{side.name}.nix" for side in host_sides(self.network(at))} & generated.keys()
        line = site.line.encode()
        return {**site.files, **generated, **{name: generated[name] + line for name in modules}}

    def require_buildable(self, plan: Plan) -> None:
        """Raise SettingsError where a plan has hosts, and it is not fixed which nixpkgs they are built from."""
        if has_hosts(plan):
            self.require_fixed_hosts()

    def require_fixed_hosts(self) -> None:
        """Raise SettingsError where it is not fixed which nixpkgs hosts are built from."""
        require_fixed(self._site(), self.environment)

    def plain_hosts(self, at: int | None = None) -> dict[str, bytes]:
        """All hosts as files and scripts for a Linux that is not NixOS, by file name."""
        return dict(self.host_generator.plain(host_sides(self.network(at))))

    def host_files(self, names: Iterable[str], at: int | None = None, *, plain: bool = False) -> dict[str, bytes]:
        """What is generated for some hosts, by file name: their modules, or files and scripts.

        Raises what `nix_module` does.
        """
        network, generator = self.network(at), self.host_generator
        found = (generator.files(host_side(network, name), plain=plain) for name in names)
        return {name: content for files in found for name, content in files.items()}
