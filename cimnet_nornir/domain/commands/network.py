"""What can be asked of a network as a whole."""

from cimnet_nornir.domain.values import Endpoint, Identifier, Value


class CreateNetwork(Value):
    name: Identifier


class ConnectLink(Value):
    a: Endpoint
    b: Endpoint


class DisconnectLink(Value):
    a: Endpoint
    b: Endpoint
