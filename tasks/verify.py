"""Check that each device runs what is intended."""

from nornir import InitNornir

from cimnet_nornir.tasks import cimnet_verify

nr = InitNornir(config_file="inventory/config.yaml")
results = nr.run(task=cimnet_verify)
for host, result in results.items():
    print(f"{host}: {result[0].result}")
    if result[0].diff:
        print(result[0].diff)
nr.close_connections()
raise SystemExit(3 if results.failed else 0)
