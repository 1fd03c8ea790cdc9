# The packages that have stand-ins: what the generated modules and the project's own flake name.
[
  "bash" "coreutils" "docker" "frr" "git" "gnugrep" "gnumake" "graphviz" "iproute2" "kmod" "libvirt" "nix" "openssh" "podman"
  "postgresql" "procps" "sqlite" "util-linux"
]
