"""The inventory as it was at the first event after the network was declared: time travel in plain Nornir."""

from nornir import InitNornir

for at in (1, None):
    nr = InitNornir(
        config_file="inventory/config.yaml",
        inventory={"plugin": "CimnetInventory", "options": {"network": "campus", "at": at}},
    )
    print(f"as of event {at or 'now'}: {len(nr.inventory.hosts)} hosts {sorted(nr.inventory.hosts)}")
