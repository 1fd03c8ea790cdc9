"""`cimnet dashboard`: the network on a web page, with the API beneath it."""

import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.options import common_options, now_only, options_of
from cimnet_nornir.cli.output import note, say

if TYPE_CHECKING:
    from cimnet_nornir.web.context import Dashboard


@click.command("dashboard", short_help="A web page to keep open: the network live, its past, its plans.")
@click.option("--listen", metavar="HOST:PORT", help="Where to listen (127.0.0.1:8350).")
@click.option("--tls-cert", type=click.Path(path_type=Path, exists=True), metavar="FILE", help="Serve by TLS.")
@click.option("--tls-key", type=click.Path(path_type=Path, exists=True), metavar="FILE", help="The certificate's key.")
@click.option("--open", "browse", is_flag=True, help="Open it in a browser.")
@now_only("the page has a slider for the past")
@common_options
@click.pass_context
def command(ctx: click.Context, listen: str | None, tls_cert: Path | None, tls_key: Path | None, browse: bool) -> int:
    """Serve a web page that shows the network as it is and as it was, live; and an API for other programs.

    On loopback whoever is at this machine may read. On any other address each request needs a token, and changes need
    one everywhere: inventory/config.yaml names the tokens under dashboard. It runs until Ctrl-C.

    \b
    Examples:
      cimnet dashboard
      cimnet dashboard --open
      cimnet dashboard --listen 0.0.0.0:8350 --tls-cert noc.crt --tls-key noc.key
    """
    from cimnet_nornir.bootstrap import open_dashboard

    options = options_of(ctx)
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key go together", ctx)
    dashboard = open_dashboard(options.settings, options.service, listen=listen, secure=tls_cert is not None)
    return _serve(dashboard, tls_cert, tls_key, browse=browse)


def _serve(dashboard: "Dashboard", cert: Path | None, key: Path | None, *, browse: bool) -> int:
    from cimnet_nornir.web.serving import bind, server_of

    with bind(dashboard.listen.host, dashboard.listen.port) as listening:
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        url = f"{'https' if cert else 'http'}://{shown}:{port}/"
        say(url)
        if not (cert or dashboard.listen.loopback):
            note("warning: without TLS whoever is on the way can read tokens; give --tls-cert and --tls-key")
        note("Ctrl-C ends it")
        if browse:
            click.launch(url)
        server = server_of(dashboard, cert=str(cert) if cert else None, key=str(key) if key else None)
        # The signal that ended it is raised again when all is closed: it did its work.
        with suppress(KeyboardInterrupt):
            signal.signal(signal.SIGHUP, server.handle_exit)
            server.run(sockets=[listening])
        dashboard.broadcast.join()
    note("stopped")
    return 0
