"""`serve`: the reference implementation, or another one, behind the face of the ARM API."""

from __future__ import annotations

import os
import shlex
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from asr_model import profiles
from asr_properties.adapters.loading import embedded
from asr_properties.adapters.options import CONTROL_TOKEN
from asr_properties.arm.addresses import is_loopback
from asr_properties.cli.console import INFRASTRUCTURE, console, errors, fail, plain
from asr_properties.cli.servable import servable

if TYPE_CHECKING:
    from asr_properties.server.certificates import Certificates

FASTEST = 10**6


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8765,
    speed: Annotated[
        float, typer.Option(min=0, max=FASTEST, help="Virtual seconds per second; 0: only the control path moves time.")
    ] = 600,
    now: Annotated[
        datetime | None,
        typer.Option(
            help="Where virtual time begins, in UTC unless it names a zone; else it is now.", show_default=False
        ),
    ] = None,
    profile: Annotated[
        str, typer.Option(help=f"The lifecycle to serve: {', '.join(profiles.CHARTS)}.")
    ] = profiles.DEFAULT,
    implementation: Annotated[
        str | None,
        typer.Option(help="What to serve instead: package.module:factory, or a class of items.", metavar="SPEC"),
    ] = None,
    retry_after: Annotated[
        int,
        typer.Option(min=0, help="Seconds that clients are told to wait before they ask again; 0: nothing is said."),
    ] = 1,
    page_size: Annotated[
        int, typer.Option(min=0, help="How many entries a list has before it goes on in a further page; 0: all.")
    ] = 0,
    control: Annotated[
        bool, typer.Option(help="Whether there is a control path; without it, it shows no more than a real service.")
    ] = True,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            help="A further name at which the ARM API answers, such as a proxy's; may be given several times."
        ),
    ] = None,
    choice: Annotated[
        list[str] | None,
        typer.Option(
            help="An outcome that the documentation leaves open, such as refusal=by_job; NAME=drawn draws it anew at"
            " each call. Else it is what was recorded, or the plainest. May be given several times.",
            metavar="NAME=OPTION",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Draw all that no --choice names, by this seed.")] = None,
    tls: Annotated[
        bool, typer.Option("--tls", help="Speak TLS, with an authority and a certificate made at the start.")
    ] = False,
    tls_folder: Annotated[
        Path | None,
        typer.Option(help="The folder to write the authority's certificate into (implies --tls); else it is printed."),
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=0, help="Stop after so many seconds.")] = None,
) -> None:
    """Serve the reference implementation as an ARM-shaped HTTP server, for the official SDK and everything built on it.

    Any subscription, vault and item can be named in a URL; a PUT makes the item. Faults, writes, power and time are
    reached under /control, beside the ARM API, with the token that is printed: in the header X-Control-Token, or as
    `token` in the query. ASR_CONTROL_TOKEN sets it; `run --adapter arm:URL` reads it there, too. The ARM API itself has
    no authentication: tokens are neither asked for nor looked at.
    """
    try:
        from asr_properties.server.access import Access, in_url, new_token
        from asr_properties.server.application import answerer, listen, server
        from asr_properties.server.certificates import Certificates
        from asr_properties.server.http_faults import HttpFaults
        from asr_properties.server.slots import Unservable, Vaults, check
    except ModuleNotFoundError as error:
        fail(f"serve needs {error.name}: pip install 'asr-conformance[server]'")
    beginning = _instant(now)
    factory = servable(implementation or embedded(profile), choice or (), seed)
    try:
        name = check(factory)
    except Unservable as error:
        fail(str(error))
    if not control and not speed:
        fail("with --speed 0 only the control path lets time pass: leave out --no-control, or name a speed")
    if not is_loopback(host):
        errors.print(
            f"WARNING: {host} is not loopback: whoever reaches this machine can use the server, without a password"
        )
    try:
        listening = listen(host, port)
    except OSError as error:
        fail(f"cannot listen on {host} port {port}: {error.strerror or error}", INFRASTRUCTURE)
    taken = listening.getsockname()[1]
    token = (os.environ.get(CONTROL_TOKEN) or new_token()) if control else None
    vaults = Vaults(factory, speed=speed, beginning=beginning)
    faults = HttpFaults()
    answers = answerer(vaults, name, retry_after=retry_after, page_size=page_size, control_path=control, faults=faults)
    try:
        trusted = Certificates((host, *(allow_host or ()))) if tls or tls_folder else None
    except ValueError as error:
        fail(f"no certificate can be made for {host} and what --allow-host names: {error}")
    access = Access(host, taken, token, allow_host or ())
    running = server(answers, access, None if trusted is None else trusted.context, faults)
    written = _written(trusted, tls_folder)
    at = f"http{'' if trusted is None else 's'}://{in_url(host)}:{taken}"
    pace = f"{speed:g} virtual seconds a second" if speed else "time moves by the control path only"
    way = f"{at}/control?token={quote(token, safe='')}" if token else "none"
    console.print(plain(f"serving {name} at {at} ({pace}); control path: {way}"))
    if trusted is not None:
        _tell_trust(trusted, written)
    if seconds is not None:
        _stop_after(seconds, running)
    running.run(sockets=[listening])
    console.print("stopped")


def _instant(named: datetime | None) -> datetime:
    """Where virtual time begins: in UTC, as the API writes all instants."""
    if named is None:
        return datetime.now(UTC)
    try:
        return named.astimezone(UTC) if named.tzinfo else named.replace(tzinfo=UTC)
    except OverflowError:
        fail(f"--now {named.isoformat()} is no instant of the calendar in UTC")


def _written(trusted: Certificates | None, folder: Path | None) -> Path | None:
    """The authority's certificate in the folder; None where it is not to be written."""
    if trusted is None or folder is None:
        return None
    try:
        return trusted.write(folder)
    except OSError as error:
        fail(f"cannot write the certificate into {folder}: {error.strerror or error}")


def _tell_trust(trusted: Certificates, written: Path | None) -> None:
    """Tell each client's way to trust the server: one variable, set before the client starts."""
    from asr_properties.server.certificates import FILE, TRUST

    if written is None:
        for line in trusted.authority.splitlines():
            console.print(plain(line))
        console.print(f"save this certificate as {FILE}, and set for the client:")
    else:
        console.print("set for the client:")
    for variable, clients in TRUST:
        path = shlex.quote(str(written or FILE))
        console.print(plain(f"  export {variable}={path}  # {clients}"), soft_wrap=True)


def _stop_after(seconds: float, running: Any) -> None:
    """Have the server end by itself; the timer does not keep the process alive."""
    timer = threading.Timer(seconds, lambda: setattr(running, "should_exit", True))
    timer.daemon = True
    timer.start()
