"""Secrets are looked for once where many ask for them at the same time."""

from cimnet_nornir.bootstrap.secrets import remembering


def test_what_was_found_a_moment_ago_is_not_looked_for_again() -> None:
    now, asked = [0.0], []
    kept: dict[str, str | None] = {"env:KEY": "tick"}

    def look(reference: str) -> str | None:
        asked.append(reference)
        return kept.get(reference)

    resolve = remembering(look, lambda: now[0])
    assert [resolve("env:KEY") for _ in range(3)] == ["tick"] * 3
    assert asked == ["env:KEY"]
    kept["env:KEY"] = "tock"
    now[0] = 9.9
    assert resolve("env:KEY") == "tick"
    now[0] = 10.0
    assert resolve("env:KEY") == "tock"
    now[0] = 20.0
    kept["env:KEY"] = None
    assert resolve("env:KEY") is None


def test_what_is_not_there_is_looked_for_each_time() -> None:
    kept: dict[str, str] = {}
    resolve = remembering(kept.get)
    assert resolve("env:KEY") is None
    kept["env:KEY"] = "tick"
    assert resolve("env:KEY") == "tick"
