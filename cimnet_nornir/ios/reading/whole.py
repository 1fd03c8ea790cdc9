"""Whether a text is one whole configuration: not two in one file, and nothing else of the session it was shown in."""

from itertools import dropwhile

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.tree import parse_config

_MORE = "--More--"
_HOSTNAME = "hostname "


def require_whole(text: str) -> None:
    """Refuse what would be taken in as lines of a device and are none. Raises ConfigurationError.

    Adopted word for word, the prompt of a session would one day be typed on a device.
    """
    texts = [node.text for node in parse_config(text).nodes]
    if any(each.startswith(_MORE) for each in texts):
        raise ConfigurationError(
            f"{_MORE!r} stands in it: a session was recorded page by page; record it after 'terminal length 0'"
        )
    names = dict.fromkeys(each.removeprefix(_HOSTNAME) for each in texts if each.startswith(_HOSTNAME))
    if len(names) > 1:
        raise ConfigurationError(f"it names {len(names)} hosts, {', '.join(names)}; give each a file of its own")
    if not names:
        raise ConfigurationError("there is no line 'hostname NAME' in it, which every configuration of IOS has")
    after = list(dropwhile(lambda each: each != "end", texts))[1:]
    if after:
        first = after[0].split("\n")[0].split(" ")[0]
        raise ConfigurationError(f"{first!r} stands after 'end'; leave in the file what is configuration alone")
