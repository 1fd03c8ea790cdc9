# A test in virtual machines, for `nix flake check` or `nix build .#checks.x86_64-linux.vm`: a station with a lab of
# simulated devices that services.cimnet looks after, and the example's host srv1 with what is generated for it.
#
# It has not been run anywhere yet: it needs KVM and a whole nixpkgs, which no machine of this project had so far. What
# has been done is to evaluate it, with a stand-in for nixpkgs (tests/unit/test_flake.py).
{ testers, module, package }:
testers.runNixOSTest {
  name = "cimnet";

  nodes.station = { lib, pkgs, ... }: {
    imports = [ module ];
    services.cimnet = {
      enable = true;
      inherit package;
      drift = { enable = true; calendar = "monthly"; };
      apply = { enable = true; calendar = "monthly"; };
    };
    # The SVI of the switch, for srv1 to reach.
    virtualisation.vlans = [ 1 ];
    networking.vlans.vlan100 = { id = 100; interface = "eth1"; };
    networking.interfaces.vlan100.ipv4.addresses = [ { address = "10.0.100.1"; prefixLength = 24; } ];
  };

  nodes.srv1 = { lib, ... }: {
    # What `cimnet nix generate srv1` writes for the example (tests/unit/test_flake.py compares the two).
    imports = [ ./vm-test-srv1.nix ];
    virtualisation.vlans = [ 1 ];
    # The example's card is eno1, and has no address of its own.
    systemd.network.links."10-eno1" = {
      matchConfig.OriginalName = "eth1";
      linkConfig.Name = "eno1";
    };
    networking.interfaces = lib.mkForce { };
    networking.useDHCP = false;
  };

  testScript = ''
    start_all()

    with subtest("a host has the networks that its switch port carries"):
        srv1.wait_for_unit("systemd-networkd.service")
        srv1.wait_until_succeeds("ip -d link show vlan100 | grep 'vlan protocol 802.1Q id 100'")
        srv1.wait_until_succeeds("ip link show vlan100 | grep 'master br-vlan100'")
        srv1.wait_until_succeeds("ip -4 address show br-vlan100 | grep 10.0.100.10/24")
        srv1.wait_until_succeeds("ping -c 3 10.0.100.1")

    cimnet = "cd /var/lib/cimnet && runuser -u cimnet -- cimnet --project /var/lib/cimnet"

    with subtest("a project on simulated devices"):
        station.wait_for_unit("multi-user.target")
        station.succeed("runuser -u cimnet -- cimnet init /var/lib/cimnet")
        station.succeed(f"{cimnet} declare inventory/network.yaml --reason rollout")
        station.succeed(f"{cimnet} lab up")
        station.succeed(f"{cimnet} apply --yes --reason rollout")

    with subtest("drift is looked for by the service"):
        station.succeed("systemctl start cimnet-drift.service")

    with subtest("a plan is carried out by the service, once"):
        station.succeed("systemctl start cimnet-apply.service")
        station.succeed("sed -i 's/description: meeting room/description: library/' /var/lib/cimnet/inventory/network.yaml")
        station.succeed(f"{cimnet} declare inventory/network.yaml --reason CHG-1")
        station.succeed(f"{cimnet} plan -o approved.plan")
        station.succeed("systemctl start cimnet-apply.service")
        station.succeed("test -e /var/lib/cimnet/approved.plan.applied && test ! -e /var/lib/cimnet/approved.plan")
        station.succeed(f"{cimnet} verify")
  '';
}
