"""A PowerShell script for the virtual networks of a Hyper-V server, where no NixOS runs.

Cmdlets of the modules Hyper-V, NetAdapter, NetTCPIP and NetNat (learn.microsoft.com/powershell). Run again, it changes
nothing that is as it should be.
"""

from collections.abc import Iterator, Sequence

from cimnet_nornir.application.host_kinds import Bridged, HyperV, Nat
from cimnet_nornir.application.host_parts import HostSide, HostVm, HostVmNetwork
from cimnet_nornir.errors import InvalidValue

# PowerShell takes these for the apostrophe too (about_Quoting_Rules).
_APOSTROPHES = "'\u2018\u2019\u201a\u201b"
_BITS_OF_MEGABIT = 1_000_000
_HEAD = """\
# Run it in an elevated PowerShell: powershell -ExecutionPolicy Bypass -File hyperv.ps1
$ErrorActionPreference = 'Stop'

# A card is in one external switch: where it is in one already, that is taken, whatever its name.
function Get-CimnetSwitch([string] $Name, [string] $Card) {
    $description = (Get-NetAdapter -Name $Card).InterfaceDescription
    $switch = Get-VMSwitch -SwitchType External |
        Where-Object { $_.NetAdapterInterfaceDescription -eq $description } | Select-Object -First 1
    if (-not $switch) { $switch = New-VMSwitch -Name $Name -NetAdapterName $Card -AllowManagementOS $true }
    $switch.Name
}

function Get-CimnetInnerSwitch([string] $Name, [string] $Type) {
    if (-not (Get-VMSwitch -Name $Name -SwitchType $Type -ErrorAction SilentlyContinue)) {
        New-VMSwitch -Name $Name -SwitchType $Type | Out-Null
    }
    $Name
}

# VLAN 0 is none, 0 bit/s is no limit. Hyper-V limits what a machine sends, not what it receives.
function Set-CimnetMachine([string] $Machine, [string] $Switch, [string] $Mac, [int] $Vlan, [long] $Limit) {
    if (-not (Get-VM -Name $Machine -ErrorAction SilentlyContinue)) {
        Write-Warning "there is no machine $Machine yet; run this again when there is"
        return
    }
    $adapter = Get-VMNetworkAdapter -VMName $Machine | Select-Object -First 1
    if ($adapter.SwitchName -ne $Switch) { $adapter | Connect-VMNetworkAdapter -SwitchName $Switch }
    if ($adapter.MacAddress -ne $Mac) { $adapter | Set-VMNetworkAdapter -StaticMacAddress $Mac }
    if ($Vlan -gt 0) { $adapter | Set-VMNetworkAdapterVlan -Access -VlanId $Vlan }
    else { $adapter | Set-VMNetworkAdapterVlan -Untagged }
    $adapter | Set-VMNetworkAdapter -MaximumBandwidth $Limit
}

function Set-CimnetNat([string] $Name, [string] $Gateway, [int] $Length, [string] $Prefix) {
    $alias = "vEthernet ($Name)"
    if (-not (Get-NetIPAddress -InterfaceAlias $alias -IPAddress $Gateway -ErrorAction SilentlyContinue)) {
        New-NetIPAddress -InterfaceAlias $alias -IPAddress $Gateway -PrefixLength $Length | Out-Null
    }
    if (-not (Get-NetNat -Name $Name -ErrorAction SilentlyContinue)) {
        New-NetNat -Name $Name -InternalIPInterfaceAddressPrefix $Prefix | Out-Null
    }
}
"""


def hyperv_networks(host: HostSide) -> Sequence[HostVmNetwork]:
    """The networks of a host that are Hyper-V's."""
    return [each for each in host.vm_networks if isinstance(each.hypervisor, HyperV)]


def hyperv_script(host: HostSide) -> str:
    """The script. It begins with a byte order mark, without which Windows PowerShell 5.1 reads it by its code page."""
    return "\ufeff" + "\n".join((*_script(host), ""))


def powershell_text(text: str) -> str:
    """A string of PowerShell as it is, without variables: apostrophes are doubled. Raises InvalidValue for a NUL."""
    if "\0" in text:
        raise InvalidValue("an argument of a program cannot hold a NUL", subject="text")
    return "'" + "".join(character * 2 if character in _APOSTROPHES else character for character in text) + "'"


def _script(host: HostSide) -> Iterator[str]:
    yield _comment(f"The Hyper-V networks of {host.name} in {host.network}.")
    yield from _HEAD.splitlines()
    for network in hyperv_networks(host):
        yield ""
        yield _comment(_says(network))
        yield f"$switch = {_switch(network)}"
        if isinstance(network.kind, Nat) and network.gateway is not None:
            subnet = network.kind.subnet
            words = (network.name, str(network.gateway), subnet.prefixlen, str(subnet))
            yield f"Set-CimnetNat {_arguments(*words)}"
        for vm in network.vms:
            yield _machine(network, vm)


def _says(network: HostVmNetwork) -> str:
    known = [f"{vm.name} has {vm.address}" for vm in network.vms if vm.address is not None]
    inside = "; set inside the machines: " + ", ".join(known) if known else ""
    dhcp = network.kind.dhcp if isinstance(network.kind, Nat) else None
    service = f"; Hyper-V has no DHCP for {dhcp}" if dhcp is not None else ""
    return f"{network.name}{inside}{service}"


def _switch(network: HostVmNetwork) -> str:
    match network.kind:
        case Bridged():
            name = network.kind.bridge or network.name
            if network.uplink is None:
                return powershell_text(name)
            return f"Get-CimnetSwitch {_arguments(name, network.uplink)}"
        case Nat():
            return f"Get-CimnetInnerSwitch {_arguments(network.name, 'Internal')}"
        case _:
            return f"Get-CimnetInnerSwitch {_arguments(network.name, 'Private')}"


def _machine(network: HostVmNetwork, vm: HostVm) -> str:
    limit = (network.bandwidth.outbound_mbps or 0) * _BITS_OF_MEGABIT
    mac = vm.mac.replace(":", "").upper()
    return f"Set-CimnetMachine {powershell_text(vm.name)} $switch {_arguments(mac, network.vlan or 0, limit)}"


def _arguments(*words: str | int) -> str:
    return " ".join(str(word) if isinstance(word, int) else powershell_text(word) for word in words)


def _comment(text: str) -> str:
    return f"# {' '.join(text.replace(chr(0), ' ').split())}"
