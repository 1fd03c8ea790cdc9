"""Print the intended configuration of the access switches."""

from nornir import InitNornir
from nornir.core.filter import F

from cimnet_nornir.tasks import cimnet_render

nr = InitNornir(config_file="inventory/config.yaml")
access = nr.filter(F(groups__contains="role__access"))
for host, result in access.run(task=cimnet_render).items():
    print(f"! {host}")
    print(result[0].result)
