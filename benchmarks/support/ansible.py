"""Ansible's ios_config, handed the lines that a plan of cimnet has."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from benchmarks.support.processes import Cost, measured
from benchmarks.support.project import cimnet

PROGRAM = Path(__file__).parents[2] / ".venv-clients" / "ansible" / "bin" / "ansible-playbook"

PLAYBOOK = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [{"cisco.ios.ios_config": {"src": "{{ inventory_hostname }}.cfg", "save_when": "changed"}}],
    }
]


def write_ansible(project: Path, devices: int) -> None:
    """Write inventory, playbook and configurations for the first devices of what is planned now."""
    plan = json.loads(cimnet(project, "plan", "--json"))
    lab = json.loads(cimnet(project, "lab", "status", "--json"))["devices"]
    secrets = json.loads((project / ".cimnet" / "lab" / "spec.json").read_text())["credentials"]
    planned = plan["devices"][:devices]
    hosts = {
        item["name"]: {"ansible_host": lab[item["name"]]["host"], "ansible_port": lab[item["name"]]["port"]}
        for item in planned
    }
    variables = {
        "ansible_connection": "ansible.netcommon.network_cli",
        "ansible_network_os": "cisco.ios.ios",
        "ansible_network_cli_ssh_type": "libssh",
        "ansible_user": secrets["username"],
        "ansible_password": secrets["password"],
        "ansible_become": True,
        "ansible_become_method": "ansible.netcommon.enable",
        "ansible_become_password": secrets["enable"],
    }
    (project / "ansible.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": variables}}))
    (project / "push.yml").write_text(json.dumps(PLAYBOOK))
    for item in planned:
        # Ansible knows by its indent which section a line is in.
        lines = (line if line.startswith("interface ") else f" {line}" for line in item["commands"])
        (project / f"{item['name']}.cfg").write_text("\n".join(lines) + "\n")


def ansible(project: Path, forks: int, lab: int, *, changes: int) -> Cost:
    """Run the playbook. Raises SystemExit where it changed another number of devices than wanted."""
    (project / "ansible.cfg").touch()
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {
        "ANSIBLE_CONFIG": str(project / "ansible.cfg"),
        "ANSIBLE_HOME": str(project / "ansible"),
        "ANSIBLE_HOST_KEY_CHECKING": "false",
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
    }
    command = [str(PROGRAM), "-i", "ansible.json", "-f", str(forks), "push.yml"]
    cost = measured(command, cwd=project, variables=variables, beside=lab)
    stats: Mapping[str, Mapping[str, int]] = json.loads(cost.output)["stats"]
    changed = sum(host["changed"] > 0 for host in stats.values())
    if changed != changes:
        raise SystemExit(f"Ansible changed {changed} devices instead of {changes}")
    return cost
