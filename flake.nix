{
  # What works today: a shell in which `make venv`, `make demo` and `make test` run; the dependencies come from PyPI,
  # into .venv. A package is not built here yet. nixpkgs has most of what it needs (click, jinja2, napalm, netmiko,
  # networkx, nornir, paramiko, pydantic, rich, ruamel-yaml, sqlalchemy, asyncssh), but neither nornir-netmiko nor
  # nornir-napalm, and a hier-config 3 where ciscoconfparse 1.9.52 requires hier_config 2.2.3 exactly. These have to be
  # packaged beside it first.
  description = "cimnet_nornir: a network's history as its source of truth";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forEachSystem = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
    in
    {
      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          packages = [ pkgs.python3 pkgs.gnumake pkgs.git pkgs.openssh pkgs.sqlite pkgs.postgresql ];
          # Wheels from PyPI look for the C++ library of an ordinary Linux.
          LD_LIBRARY_PATH = pkgs.lib.makeLibraryPath [ pkgs.stdenv.cc.cc.lib ];
        };
      });
    };
}
