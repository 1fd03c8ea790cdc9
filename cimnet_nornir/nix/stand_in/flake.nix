{
  description = "A stand-in for nixpkgs: enough to evaluate a flake that cimnet generated";

  outputs = _:
    let
      lib = import ./lib.nix;
      packagesFor = system: import ./packages.nix { inherit lib system; names = import ./names.nix; };
      systems = [ "x86_64-linux" "aarch64-linux" ];
    in
    {
      lib = lib // { nixosSystem = import ./system.nix { inherit lib packagesFor; }; };
      legacyPackages = lib.genAttrs systems packagesFor;
    };
}
