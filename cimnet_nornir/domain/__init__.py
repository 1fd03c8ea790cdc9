"""The network as a domain: values, commands, events, aggregates and rules; pure."""
