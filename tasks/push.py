"""Push what is intended to all devices, the distribution before the access; every result is recorded as an event."""

from nornir import InitNornir
from nornir.core.filter import F

from cimnet_nornir.processors import CimnetRecorder
from cimnet_nornir.tasks import cimnet_push

nr = InitNornir(config_file="inventory/config.yaml")
service = nr.inventory.defaults.service.acting(reason="tasks/push.py")
failed = False
with CimnetRecorder(service) as recorder:
    for group in (~F(groups__contains="role__access"), F(groups__contains="role__access")):
        results = nr.filter(group).with_processors([recorder]).run(task=cimnet_push)
        for host, result in results.items():
            # Without a plan it failed, or is a server, which has no IOS configuration: its result says so.
            planned = not result.failed and result[0].plan is not None
            print(f"{host}: {result[0].result if not planned else 'changed' if result[0].changed else 'unchanged'}")
        failed = failed or results.failed
nr.close_connections()
raise SystemExit(3 if failed else 0)
