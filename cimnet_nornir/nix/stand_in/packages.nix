# Stand-ins for packages: each is a derivation of its name that is never built.
{ lib, names, system ? "x86_64-linux" }:
let
  package = name: derivation {
    inherit name system;
    builder = "/bin/sh";
  };
  # What is written is part of the derivation, so that it is evaluated to the end.
  written = name: text: derivation {
    inherit name system text;
    builder = "/bin/sh";
  };
in
lib.genAttrs names package // {
  inherit lib;
  runCommand = name: environment: script: written name "${builtins.toJSON (lib.attrNames environment)}${script}";
  writeShellScript = written;
  writeShellScriptBin = written;
  writeText = written;
  writeShellApplication = { name, text, ... }: written name text;
}
