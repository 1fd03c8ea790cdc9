"""The one composition root: settings are read, and stores, engines, inventories, devices and labs wired together."""

from cimnet_nornir.bootstrap.approval_settings import ApprovalSettings
from cimnet_nornir.bootstrap.dashboard import open_dashboard
from cimnet_nornir.bootstrap.dashboard_settings import DashboardSettings
from cimnet_nornir.bootstrap.host_settings import HostSettings
from cimnet_nornir.bootstrap.hosts import hosts_of, managed_hosts
from cimnet_nornir.bootstrap.lab import (
    LAB_FAULTS,
    LAB_HOST_KEY,
    LAB_PASSWORD,
    LAB_USER,
    lab_clock,
    lab_down,
    lab_fault,
    lab_foreground,
    lab_hosts,
    lab_spec,
    lab_status,
    lab_up,
)
from cimnet_nornir.bootstrap.nix import check_hosts, unfixed_nixpkgs, write_hosts
from cimnet_nornir.bootstrap.plugin import (
    CimnetInventory,
)
from cimnet_nornir.bootstrap.recording import record_device
from cimnet_nornir.bootstrap.secret_files import write_secrets
from cimnet_nornir.bootstrap.settings import (
    CONFIG,
    DEFAULT_STORE,
    ENVIRONMENTS,
    STATE,
    Settings,
    find_project,
    load_settings,
    settings_from,
    with_options,
)
from cimnet_nornir.bootstrap.strangers import strange_devices
from cimnet_nornir.bootstrap.wiring import (
    ask_devices,
    auditor_of,
    endpoints_of,
    load_checks,
    network_service,
    open_devices,
    open_inventory,
    open_nornir,
    open_service,
    type_on_device,
)

__all__ = [
    "CONFIG",
    "DEFAULT_STORE",
    "ENVIRONMENTS",
    "LAB_FAULTS",
    "LAB_HOST_KEY",
    "LAB_PASSWORD",
    "LAB_USER",
    "STATE",
    "ApprovalSettings",
    "CimnetInventory",
    "DashboardSettings",
    "HostSettings",
    "Settings",
    "ask_devices",
    "auditor_of",
    "check_hosts",
    "endpoints_of",
    "find_project",
    "hosts_of",
    "lab_clock",
    "lab_down",
    "lab_fault",
    "lab_foreground",
    "lab_hosts",
    "lab_spec",
    "lab_status",
    "lab_up",
    "load_checks",
    "load_settings",
    "managed_hosts",
    "network_service",
    "open_dashboard",
    "open_devices",
    "open_inventory",
    "open_nornir",
    "open_service",
    "record_device",
    "settings_from",
    "strange_devices",
    "type_on_device",
    "unfixed_nixpkgs",
    "with_options",
    "write_hosts",
    "write_secrets",
]
