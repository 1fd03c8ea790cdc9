# Of nixpkgs' lib, what the project's own Nix files use and the package's stand-in has not.
{
  inherit (builtins) foldl';
  licenses.gpl3Plus = { spdxId = "GPL-3.0-or-later"; };
  platforms.unix = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
  makeLibraryPath = packages: builtins.concatStringsSep ":" (map (package: "${package}/lib") packages);
}
