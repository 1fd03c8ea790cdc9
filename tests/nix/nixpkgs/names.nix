# The packages that have stand-ins, besides those of the package itself.
[ "cacert" "cmp" "git" "gnumake" "nix" "openssh" "postgresql" "sqlite" ]
