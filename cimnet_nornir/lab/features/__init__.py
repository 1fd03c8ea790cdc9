"""The configuration commands of the simulated devices, a file a feature."""
