"""A network's history as its source of truth: events, a Nornir inventory, Cisco IOS pushes that explain themselves."""

__version__ = "0.1.0"
