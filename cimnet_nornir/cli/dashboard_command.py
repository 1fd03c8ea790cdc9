"""`cimnet dashboard`: the network on a web page, with the API beneath it."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.interruption import SIGNALS, tell_of_interruption
from cimnet_nornir.cli.logs import LogFormat, log_option, logging_to_stderr
from cimnet_nornir.cli.options import common_options, now_only, options_of
from cimnet_nornir.cli.output import note, say
from cimnet_nornir.cli.seconds import Seconds

if TYPE_CHECKING:
    from cimnet_nornir.web.context import Dashboard


@click.command("dashboard", short_help="A web page to keep open: the network live, its past, its plans; with an API.")
@click.option("--listen", metavar="HOST:PORT", help="Where to listen (127.0.0.1:8350).")
@click.option(
    "--collect", type=Seconds(0, whole=True), metavar="SECONDS", help="Ask the devices how they are so often."
)
@click.option("--tls-cert", type=click.Path(path_type=Path, exists=True), metavar="FILE", help="Serve by TLS.")
@click.option("--tls-key", type=click.Path(path_type=Path, exists=True), metavar="FILE", help="The certificate's key.")
@click.option("--open", "browse", is_flag=True, help="Open it in a browser.")
@log_option
@now_only("the page has a slider for the past")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    listen: str | None,
    collect: int | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    browse: bool,
    log_format: LogFormat,
) -> int:
    """Serve a web page that shows the network as it is and as it was, live; and an API for other programs.

    On loopback whoever is at this machine may read. On any other address each request needs a token, and changes need
    one everywhere: inventory/config.yaml names the tokens under dashboard. It runs until Ctrl-C. With -v each request
    is logged. With --json it prints where it listens as one line. --reason is kept with what --collect records.

    \b
    Examples:
      cimnet dashboard --open
      cimnet dashboard --collect 60 --log json
      cimnet dashboard --listen 0.0.0.0:8350 --tls-cert noc.crt --tls-key noc.key
    """
    from cimnet_nornir.bootstrap import open_dashboard

    options = options_of(ctx)
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key go together", ctx)
    if options.limit:
        raise click.UsageError("the dashboard shows the whole network, and filters on the page; leave --limit out", ctx)
    dashboard = open_dashboard(
        options.settings, options.service, listen=listen, collect=collect, secure=tls_cert is not None
    )
    if options.reason and not dashboard.collect:
        raise click.UsageError("--reason is for --collect: changes from the page have reasons of their own", ctx)
    with logging_to_stderr(log_format, verbose=options.verbose > 0):
        return _serve(dashboard, tls_cert, tls_key, browse=browse, as_json=options.json)


def _serve(dashboard: "Dashboard", cert: Path | None, key: Path | None, *, browse: bool, as_json: bool) -> int:
    from cimnet_nornir.web.serving import bind, serve, server_of

    with bind(dashboard.listen.host, dashboard.listen.port) as listening, _interrupted(dashboard) as stop:
        server = server_of(dashboard, cert=cert, key=key)
        host, port = listening.getsockname()[:2]
        url = f"{'https' if cert else 'http'}://{f'[{host}]' if ':' in host else host}:{port}/"
        say(json.dumps({"format": "cimnet.dashboard/1", "url": url}) if as_json else url)
        if not (cert or dashboard.listen.loopback):
            note("warning: without TLS whoever is on the way can read tokens; give --tls-cert and --tls-key")
        note("Ctrl-C ends it")
        if browse:
            click.launch(url)
        # The signal that ends it did its work.
        with suppress(KeyboardInterrupt):
            serve(dashboard, server, listening, stop.is_set)
    note("stopped")
    return 0


class _Stop:
    """Whether somebody said that it is to end."""

    def __init__(self) -> None:
        self._said = False

    def is_set(self) -> bool:
        return self._said

    def say(self) -> None:
        self._said = True


@contextmanager
def _interrupted(dashboard: "Dashboard") -> Iterator[_Stop]:
    """While the block runs, the first signal that would end it stops it: a push under way is finished first."""
    stop = _Stop()

    def hear(number: int, frame: FrameType | None) -> None:
        again = stop.is_set()
        stop.say()
        if dashboard.jobs.running is not None and not again:
            tell_of_interruption()
        signal.default_int_handler(number, frame)

    heard = {number: signal.getsignal(number) for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN}
    for number in heard:
        signal.signal(number, hear)
    try:
        yield stop
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
