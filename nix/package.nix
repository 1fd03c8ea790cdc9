# The program, with the simulated devices of its lab, the dashboard, PostgreSQL and the keyring.
{ lib, fetchurl, graphviz, openssh, python3 }:
let
  python = python3.override {
    self = python;
    packageOverrides = import ./python.nix { inherit fetchurl; };
  };
  version = lib.head (builtins.match ".*__version__ = \"([^\"]+)\".*" (builtins.readFile ../cimnet_nornir/__init__.py));
in
python.pkgs.buildPythonApplication {
  pname = "cimnet-nornir";
  inherit version;
  pyproject = true;
  src = ../.;

  build-system = [ python.pkgs.hatchling ];

  # As in pyproject.toml, with its extras lab, web, postgres and keyring.
  dependencies = with python.pkgs; [
    asyncssh
    ciscoconfparse
    click
    fastapi
    jinja2
    keyring
    napalm
    netmiko
    networkx
    nornir
    nornir-napalm
    nornir-netmiko
    ntc-templates
    paramiko
    prometheus-client
    psycopg
    pydantic
    rich
    ruamel-yaml
    scp
    sqlalchemy
    textfsm
    uvicorn
  ];

  # ssh reaches hosts, ssh-keygen signs plans; Graphviz draws the graph for paper.
  makeWrapperArgs = [ "--prefix" "PATH" ":" "${openssh}/bin:${graphviz}/bin" ];

  pythonImportsCheck = [ "cimnet_nornir" "cimnet_nornir.bootstrap" "cimnet_nornir.cli" "cimnet_nornir.lab" "cimnet_nornir.web" ];
  # The tests start Nix, PostgreSQL and SSH servers; checks.demo runs the whole loop on simulated devices instead.
  doCheck = false;

  meta = {
    description = "A network's history as its source of truth";
    license = lib.licenses.gpl3Plus;
    mainProgram = "cimnet";
    platforms = lib.platforms.unix;
  };
}
