"""What happened as Mermaid text: a chain of causes as a flowchart, a deployment as a sequence diagram."""

from cimnet_nornir.application.diagrams.causes import cause_chain
from cimnet_nornir.application.diagrams.deployments import deployment_diagram

__all__ = ["cause_chain", "deployment_diagram"]
