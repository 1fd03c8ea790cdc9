# Evaluates one generated file to the end: a module by stand-ins for nixpkgs, anything else as the value it is.
{ file, names, kind }:
let
  lib = import ./lib.nix;
  pkgs = import ./packages.nix { inherit lib names; };
  inherit (lib.evalModules { modules = [ file ]; specialArgs = { inherit pkgs; }; }) config;
  devices = config.cimnet.routers // config.cimnet.switches;
  missing = lib.filter (name: !(builtins.pathExists devices.${name}.configFile)) (lib.attrNames devices);
in
if kind == "value" then builtins.deepSeq (import file) true
else if kind == "devices" && missing != [ ] then
  throw "the configuration of ${lib.concatStringsSep ", " missing} is not there"
else builtins.deepSeq config true
