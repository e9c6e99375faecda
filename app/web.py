"""The web role: one page per service that this process serves; a later release puts the services themselves here."""

import html
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from app.contract import SERVICES, Contract
from app.process import run
from app.server import Page, Request


def serve(contract: Contract, services: Sequence[str]) -> int:
    """Serve *services* until SIGTERM; returns the process's exit status."""
    return run(contract, "web", services, {SERVICES[service]: _page(contract, service) for service in services})


def _page(contract: Contract, service: str) -> Page:
    host, shop = socket.gethostname(), urlsplit(contract.public_url).netloc

    def page(request: Request) -> str:
        address = html.escape(f"{request.scheme}://{shop}{SERVICES[service]}")
        return (
            f'<!doctype html>\n<html lang="en">\n<title>{service}</title>\n<link rel="canonical" href="{address}">\n'
            f"<h1>{service}</h1>\n<p>version {html.escape(contract.version)} of stack {html.escape(contract.stack)} "
            f"on {html.escape(host)}</p>\n</html>\n"
        )

    return page
