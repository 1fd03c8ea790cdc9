"""Show how each device is: how long it has been up, how busy it is, and how many of its interfaces are up."""

from nornir import InitNornir

from cimnet_nornir.tasks import cimnet_collect

nr = InitNornir(config_file="inventory/config.yaml")
results = nr.run(task=cimnet_collect)
for host, result in results.items():
    # Without an observation it failed, or is a server that nothing is deployed to: its result says so.
    seen = None if result.failed else result[0].observed
    heard = f", hears {', '.join(sorted({each.name for each in seen.neighbors}))}" if seen and seen.neighbors else ""
    print(f"{host}: {result[0].result}{heard}")
nr.close_connections()
raise SystemExit(3 if results.failed else 0)
