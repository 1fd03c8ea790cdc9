"""Show what would be sent to each device; nothing is."""

from nornir import InitNornir

from cimnet_nornir.tasks import cimnet_plan

nr = InitNornir(config_file="inventory/config.yaml")
results = nr.run(task=cimnet_plan)
for host, result in results.items():
    # Without a plan it failed, or is a server, which has no IOS configuration: its result says so.
    planned = not result.failed and result[0].plan is not None
    print(f"{host}: {result[0].result if not planned else 'differs' if result[0].diff else 'in sync'}")
    if result[0].diff:
        print(result[0].diff)
nr.close_connections()
raise SystemExit(3 if results.failed else 0)
