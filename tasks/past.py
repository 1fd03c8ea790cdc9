"""Time travel in plain Nornir: the inventory as it was half-way through the history, and as it is now."""

from nornir import InitNornir
from nornir.core.inventory import Host


def inventory(at: int | None) -> dict[str, Host]:
    """The hosts as of an event's number; None for now."""
    options = {"network": "campus", "at": at}
    nr = InitNornir(config_file="inventory/config.yaml", inventory={"plugin": "CimnetInventory", "options": options})
    return nr.inventory.hosts


now = inventory(None)
if not now:
    raise SystemExit("nothing is declared yet: cimnet declare inventory/network.yaml")
head = next(iter(now.values())).defaults.service.store.head()
for at, hosts in ((head // 2, inventory(head // 2)), (head, now)):
    print(f"as of event {at}: {len(hosts)} hosts")
    for name, host in hosts.items():
        print(f"  {name}: VLANs {host['vlans'] or '-'}")
