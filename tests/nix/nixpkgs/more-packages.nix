# Packages of nixpkgs as far as the project's own flake uses them. Of Python's there are exactly those that it has.
{ lib, system, nixosSystem }:
let
  basic = import ./packages.nix { inherit lib system; names = import ./names.nix; };

  # The arguments are evaluated to the end, and what matters of them is told.
  made = { pname, version, dependencies ? [ ], ... }@arguments:
    builtins.deepSeq (removeAttrs arguments [ "src" ]) (derivation {
      name = "${pname}-${version}";
      inherit system;
      builder = "/bin/sh";
    } // { inherit version; dependencies = map (each: each.name) dependencies; });

  plain = lib.genAttrs [
    "asyncssh" "bcrypt" "click" "cryptography" "deprecated" "dnspython" "fastapi" "hatchling" "hier-config" "invoke" "jinja2"
    "keyring" "loguru" "napalm" "netmiko" "networkx" "nornir" "ntc-templates" "paramiko" "passlib" "prometheus-client"
    "psycopg" "pydantic" "pynacl" "pyyaml"
    "rich" "ruamel-yaml" "scp" "sqlalchemy" "textfsm" "toml" "uvicorn"
  ] (name: derivation { inherit name system; builder = "/bin/sh"; });

  python = {
    override = { self, packageOverrides }:
      let
        previous = plain // { buildPythonPackage = made; buildPythonApplication = made; };
        final = previous // packageOverrides final previous;
      in
      { pkgs = final; };
  } // derivation { name = "python3"; inherit system; builder = "/bin/sh"; };

  # A test is the systems of its machines, and its script.
  runNixOSTest = { name, nodes, testScript }:
    derivation {
      inherit name system testScript;
      builder = "/bin/sh";
      machines = map
        (node: (nixosSystem { modules = [ nodes.${node} { nixpkgs.hostPlatform = system; } ]; }).config.system.build.toplevel)
        (lib.attrNames nodes);
    };

  scope = extra:
    let
      final = basic // {
        inherit lib system;
        python3 = python;
        stdenv.cc.cc.lib = basic.git;
        fetchurl = { url, hash }: derivation {
          name = baseNameOf url;
          inherit system url;
          builder = "/bin/sh";
          outputHash = hash;
          outputHashMode = "flat";
          outputHashAlgo = "sha256";
        };
        mkShell = arguments: builtins.deepSeq arguments (derivation { name = "shell"; inherit system; builder = "/bin/sh"; });
        testers = { inherit runNixOSTest; };
        callPackage = file: given:
          let make = import file;
          in make (builtins.intersectAttrs (builtins.functionArgs make) final // given);
        extend = overlay: scope (extra ++ [ overlay ]);
      } // lib.foldl' (found: overlay: found // overlay final basic) { } extra;
    in
    final;
in
scope [ ]
