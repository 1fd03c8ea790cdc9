"""The host side as Nix: a NixOS module for each server, and the network's topology as an attribute set.

For a server with another Linux, the same networks as files of systemd-networkd.
"""

from cimnet_nornir.nix.generator import NixGenerator, Style
from cimnet_nornir.nix.plain import networkd_files

__all__ = ["NixGenerator", "Style", "networkd_files"]
