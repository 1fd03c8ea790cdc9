{
  description = "A stand-in for nixpkgs: that of cimnet, with what its own flake asks for besides";

  outputs = _:
    let
      lib = import ./lib.nix // import ./more-lib.nix;
      packagesFor = system: import ./more-packages.nix { inherit lib system nixosSystem; };
      nixosSystem = import ./system.nix { inherit lib packagesFor; };
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
    in
    {
      lib = lib // { inherit nixosSystem; };
      legacyPackages = lib.genAttrs systems packagesFor;
    };
}
