"""The host side as Nix: a NixOS module for each server, and the network's topology as an attribute set."""

from cimnet_nornir.nix.generator import NixGenerator

__all__ = ["NixGenerator"]
