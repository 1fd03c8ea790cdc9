"""What is run on hosts without NixOS for their virtual machines' networks, by file name."""

from collections.abc import Mapping

from cimnet_nornir.application.host_kinds import Libvirt
from cimnet_nornir.application.host_parts import HostSide
from cimnet_nornir.nix.hyperv import hyperv_networks, hyperv_script
from cimnet_nornir.nix.libvirt import libvirt_script
from cimnet_nornir.nix.vmware import vmware_networks, vmware_script


def hypervisor_scripts(host: HostSide) -> Mapping[str, str]:
    """By file name the scripts of a host: libvirt.sh, hyperv.ps1, vmware.sh, each where it has such networks."""
    files: dict[str, str] = {}
    if any(isinstance(network.hypervisor, Libvirt) for network in host.vm_networks):
        files["libvirt.sh"] = libvirt_script(host)
    if hyperv_networks(host):
        files["hyperv.ps1"] = hyperv_script(host)
    if vmware_networks(host):
        files["vmware.sh"] = vmware_script(host)
    return files
