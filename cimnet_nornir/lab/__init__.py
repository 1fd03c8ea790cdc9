"""Simulated Cisco IOS devices over SSH on loopback, for trying pushes before they meet a network."""
