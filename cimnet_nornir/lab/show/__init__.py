"""The outputs of `show`, each computed from the configuration and the links."""
