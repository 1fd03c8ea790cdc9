"""Use cases: what the command line, the runbooks and the web page all call, over ports that this room defines."""
