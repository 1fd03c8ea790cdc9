# Evaluates a host's module by the NixOS of NIX_PATH: the options that it sets have to exist, and to take their values.
{ file, devices, host }:
let
  nixos = import <nixpkgs/nixos/lib/eval-config.nix> {
    system = null;
    modules = [
      file
      devices
      {
        nixpkgs.hostPlatform = "x86_64-linux";
        networking.hostName = host;
        networking.useDHCP = false;
      }
    ];
  };
  inherit (nixos) config;
  # As far as it goes without disks and a boot loader, which are for site/ to say.
  wanted = {
    networks = builtins.mapAttrs (_: unit: unit.text or unit) config.systemd.network.units;
    services = builtins.attrNames config.systemd.services;
    files = builtins.attrNames config.environment.etc;
  };
in
builtins.deepSeq wanted true
