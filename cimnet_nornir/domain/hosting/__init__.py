"""Containers and virtual machines on hosts: their networks, and what these ask of switches and addresses; pure."""
