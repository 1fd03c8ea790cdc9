# What systemd keeps from a service that talks to devices by SSH and writes to its project (systemd.exec(5)).
{
  UMask = "0077";
  ProtectSystem = "strict";
  ProtectHome = "read-only";
  ProtectProc = "invisible";
  ProtectClock = true;
  ProtectControlGroups = true;
  ProtectHostname = true;
  ProtectKernelLogs = true;
  ProtectKernelModules = true;
  ProtectKernelTunables = true;
  PrivateDevices = true;
  PrivateTmp = true;
  NoNewPrivileges = true;
  CapabilityBoundingSet = "";
  LockPersonality = true;
  MemoryDenyWriteExecute = true;
  RemoveIPC = true;
  RestrictAddressFamilies = [ "AF_INET" "AF_INET6" "AF_UNIX" ];
  RestrictNamespaces = true;
  RestrictRealtime = true;
  RestrictSUIDSGID = true;
  SystemCallArchitectures = "native";
  SystemCallFilter = [ "@system-service" "~@privileged @resources" ];
}
