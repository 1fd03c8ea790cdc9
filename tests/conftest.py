"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# A busy machine is no bug: no deadline for an example. The same examples each time: a failure can be seen again.
settings.register_profile("project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")
