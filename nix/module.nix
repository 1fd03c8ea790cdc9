# services.cimnet: a project whose devices are looked at by the clock, whose approved plan is carried out in a window, and
# whose dashboard is served.
{ config, lib, pkgs, ... }:
let
  cfg = config.services.cimnet;

  cimnet = arguments: lib.escapeShellArgs ([ "${cfg.package}/bin/cimnet" "--project" cfg.project ] ++ arguments);

  service = settings: lib.mkMerge [ common settings ];

  common = {
    wants = [ "network-online.target" ];
    after = [ "network-online.target" ];
    # A project that is not there is told, not passed over.
    unitConfig.AssertPathExists = "${cfg.project}/inventory/config.yaml";
    environment = lib.optionalAttrs (cfg.environment != null) { CIMNET_ENV = cfg.environment; };
    path = [ pkgs.openssh ];
    serviceConfig = import ./hardening.nix // {
      Type = "oneshot";
      User = cfg.user;
      Group = cfg.group;
      WorkingDirectory = cfg.project;
      ReadWritePaths = [ cfg.project ];
      EnvironmentFile = lib.optional (cfg.environmentFile != null) cfg.environmentFile;
    };
  };

  timer = calendar: {
    wantedBy = [ "timers.target" ];
    timerConfig = {
      OnCalendar = calendar;
      Persistent = false;
      RandomizedDelaySec = "1min";
    };
  };

  calendar = lib.types.str;
in
{
  options.services.cimnet = {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether this host looks after the devices of a project of cimnet.";
    };
    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.cimnet-nornir;
      defaultText = lib.literalExpression "pkgs.cimnet-nornir";
      description = "The package of cimnet; the overlay of its flake has it.";
    };
    project = lib.mkOption {
      type = lib.types.strMatching "/.*";
      default = "/var/lib/cimnet";
      description = "The folder of the project (`cimnet init`), which the service's user can write to.";
    };
    user = lib.mkOption {
      type = lib.types.str;
      default = "cimnet";
      description = "Who does it; a system user of the name `cimnet` is made, any other has to be there.";
    };
    group = lib.mkOption {
      type = lib.types.str;
      default = "cimnet";
      description = "The user's group; `cimnet` is made, any other has to be there.";
    };
    environment = lib.mkOption {
      type = lib.types.nullOr (lib.types.enum [ "lab" "real" ]);
      default = null;
      description = "Which devices are meant; null leaves it to the project's settings.";
    };
    environmentFile = lib.mkOption {
      type = lib.types.nullOr (lib.types.strMatching "/.*");
      default = null;
      example = "/run/secrets/cimnet.env";
      description = ''
        A file outside of the Nix store with what the project's credentials refer to: `CIMNET_PASSWORD=…`. The service
        manager reads it; the service's user need not.
      '';
    };

    drift = {
      enable = lib.mkOption {
        type = lib.types.bool;
        default = false;
        description = "Whether the devices are looked at for what was changed by hand (`cimnet drift`).";
      };
      calendar = lib.mkOption {
        type = calendar;
        default = "hourly";
        example = "*-*-* 00/4:00:00";
        description = "When: a time of systemd.time(7).";
      };
      failOnDrift = lib.mkOption {
        type = lib.types.bool;
        default = true;
        description = "Whether drift makes the service fail, so that whoever watches units hears of it.";
      };
      arguments = lib.mkOption {
        type = lib.types.listOf lib.types.str;
        default = [ ];
        example = [ "--limit" "group:role__access" ];
        description = "What else to tell `cimnet drift`.";
      };
    };

    apply = {
      enable = lib.mkOption {
        type = lib.types.bool;
        default = false;
        description = ''
          Whether a saved plan is carried out (`cimnet apply`) where one is waiting at the time. The project says how many
          people have to approve it. A plan that was carried out is kept beside it, as NAME.applied.
        '';
      };
      plan = lib.mkOption {
        type = lib.types.strMatching "/.*";
        default = "${cfg.project}/approved.plan";
        defaultText = lib.literalExpression ''"''${config.services.cimnet.project}/approved.plan"'';
        description = "The saved plan, which has to be in the project's folder or somewhere else that `user` can write to.";
      };
      calendar = lib.mkOption {
        type = calendar;
        example = "Sun *-*-* 03:00:00";
        description = "The window for changes: a time of systemd.time(7).";
      };
      arguments = lib.mkOption {
        type = lib.types.listOf lib.types.str;
        default = [ ];
        example = [ "--transaction" "--confirm-within" "10" ];
        description = "What else to tell `cimnet apply`.";
      };
    };

    dashboard = {
      enable = lib.mkOption {
        type = lib.types.bool;
        default = false;
        description = "Whether the dashboard, its API and its metrics are served (`cimnet dashboard`).";
      };
      listen = lib.mkOption {
        type = lib.types.str;
        default = "127.0.0.1:8350";
        example = "192.0.2.10:8350";
        description = ''
          Where: an address and a port. On any other address than loopback the project has to name tokens
          (`dashboard: {tokens: …}` in its settings; what they refer to can stand in `environmentFile`).
        '';
      };
      collect = lib.mkOption {
        type = lib.types.ints.unsigned;
        default = 60;
        description = "After how many seconds the devices are asked how they are; 0 for never.";
      };
      arguments = lib.mkOption {
        type = lib.types.listOf lib.types.str;
        default = [ ];
        example = [ "--tls-cert" "/run/secrets/cimnet.pem" "--tls-key" "/run/secrets/cimnet.key" ];
        description = "What else to tell `cimnet dashboard`.";
      };
    };
  };

  config = lib.mkIf cfg.enable {
    environment.systemPackages = [ cfg.package ];

    users.users = lib.mkIf (cfg.user == "cimnet") {
      cimnet = {
        isSystemUser = true;
        inherit (cfg) group;
        home = cfg.project;
      };
    };
    users.groups = lib.mkIf (cfg.group == "cimnet") { cimnet = { }; };

    systemd.tmpfiles.rules = [ "d ${cfg.project} 0750 ${cfg.user} ${cfg.group} -" ];

    systemd.services.cimnet-drift = lib.mkIf cfg.drift.enable (service {
      description = "Look for what was changed on devices by hand";
      script = "exec ${cimnet ([ "drift" ] ++ cfg.drift.arguments)}";
      serviceConfig.SuccessExitStatus = lib.optional (!cfg.drift.failOnDrift) 2;
    });
    systemd.timers.cimnet-drift = lib.mkIf cfg.drift.enable (timer cfg.drift.calendar);

    systemd.services.cimnet-apply = lib.mkIf cfg.apply.enable (service {
      description = "Carry out the plan that was approved";
      # Where no plan waits there is nothing to do, and nothing wrong.
      unitConfig.ConditionPathExists = cfg.apply.plan;
      # A new generation neither starts a push nor cuts one short.
      restartIfChanged = false;
      stopIfChanged = false;
      script = ''
        ${cimnet ([ "apply" cfg.apply.plan "--yes" ] ++ cfg.apply.arguments)}
        mv ${lib.escapeShellArg cfg.apply.plan} ${lib.escapeShellArg "${cfg.apply.plan}.applied"}
      '';
      serviceConfig = {
        # Whoever stops it lets the devices in hand be finished, and the outcome be stored.
        TimeoutStartSec = "infinity";
        KillSignal = "SIGINT";
        KillMode = "mixed";
        TimeoutStopSec = "10min";
      };
    });
    systemd.timers.cimnet-apply = lib.mkIf cfg.apply.enable (timer cfg.apply.calendar);

    systemd.services.cimnet-dashboard = lib.mkIf cfg.dashboard.enable (service {
      description = "The dashboard of the network";
      wantedBy = [ "multi-user.target" ];
      script = "exec ${cimnet (
        [ "dashboard" "--listen" cfg.dashboard.listen "--collect" (toString cfg.dashboard.collect) ] ++ cfg.dashboard.arguments
      )}";
      serviceConfig = {
        Type = lib.mkForce "exec";
        Restart = "on-failure";
        RestartSec = "5s";
        # A push that somebody started from the page is finished, and its outcome stored.
        KillSignal = "SIGINT";
        KillMode = "mixed";
        TimeoutStopSec = "10min";
      };
    });
  };
}
