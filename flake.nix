{
  # The package, its app, a shell to develop in, the NixOS module, an overlay and checks; nix/ has the parts.
  #
  # There is no flake.lock: one would name a revision of nixpkgs with its hash, and nothing here has been built from a
  # nixpkgs yet. Evaluated it is, by Nix 2.8 with a stand-in for nixpkgs (tests/unit/test_flake.py). To pin the nixpkgs
  # that you build from, run `nix flake lock` and keep the file.
  description = "cimnet_nornir: a network's history as its source of truth";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      linux = [ "x86_64-linux" "aarch64-linux" ];
      packagesFor = system: nixpkgs.legacyPackages.${system}.extend self.overlays.default;
      forEach = systems: make: lib.genAttrs systems (system: make (packagesFor system));
      forEachSystem = forEach (linux ++ [ "x86_64-darwin" "aarch64-darwin" ]);
    in
    {
      overlays.default = final: prev: {
        cimnet-nornir = final.callPackage ./nix/package.nix { };
      };

      packages = forEachSystem (pkgs: {
        default = pkgs.cimnet-nornir;
        inherit (pkgs) cimnet-nornir;
      });

      apps = forEachSystem (pkgs: {
        default = { type = "app"; program = "${pkgs.cimnet-nornir}/bin/cimnet"; };
      });

      # services.cimnet; the package comes with it.
      nixosModules.cimnet = { ... }: {
        imports = [ (import ./nix/module.nix) ];
        nixpkgs.overlays = [ self.overlays.default ];
      };
      nixosModules.default = self.nixosModules.cimnet;

      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          # `make venv`, `make demo` and `make test` run in it; the dependencies come from PyPI, into .venv.
          packages = with pkgs; [ python3 gnumake git nix openssh sqlite postgresql ];
          # Wheels from PyPI look for the C++ library of an ordinary Linux.
          LD_LIBRARY_PATH = lib.makeLibraryPath [ pkgs.stdenv.cc.cc.lib ];
        };
      });

      checks = forEach linux (pkgs: {
        package = pkgs.cimnet-nornir;
        # The whole loop on simulated devices, over loopback.
        demo = pkgs.runCommand "cimnet-demo" { } ''
          export HOME=$TMPDIR
          ${pkgs.cimnet-nornir}/bin/cimnet demo
          touch $out
        '';
        vm = pkgs.callPackage ./nix/vm-test.nix {
          module = import ./nix/module.nix;
          package = pkgs.cimnet-nornir;
        };
      });
    };
}
