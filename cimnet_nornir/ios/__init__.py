"""All that knows Cisco IOS: generator, parser, normaliser, remediation, audit."""
