# A stand-in for NixOS: modules are merged, assertions hold, and the system is a derivation of all that they say.
{ lib, packagesFor }:
{ modules, specialArgs ? { } }:
let
  evaluated = lib.evalModules {
    inherit modules;
    specialArgs = { pkgs = packagesFor system; } // specialArgs;
  };
  inherit (evaluated) config;
  system = config.nixpkgs.hostPlatform or "x86_64-linux";
  failed = lib.filter (each: !each.assertion) (config.assertions or [ ]);
  toplevel =
    if failed != [ ] then throw (lib.concatMapStringsSep "; " (each: each.message) failed)
    else builtins.deepSeq config (derivation {
      name = "nixos-system-${config.networking.hostName or "unnamed"}";
      inherit system;
      builder = "/bin/sh";
    });
in
evaluated // { config = config // { system = config.system or { } // { build = { inherit toplevel; }; }; }; }
