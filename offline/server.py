"""Answer AWS clients over HTTP on the loopback address, with moto's own application behind it."""

from __future__ import annotations

import logging
import socket
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

LOOPBACK = "127.0.0.1"


class AccountServer:
    """A server that listens from its construction on.

    moto's ThreadedMotoServer binds in its own thread: when another process takes the port between a look whether it is
    free and that, its `start` waits for ever (moto 5.2.5: the thread ends before it sets the event).
    """

    def __init__(self, wanted_port: int) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # one line on stderr per request otherwise
        with _listener(wanted_port) as listener:
            self.port: int = listener.getsockname()[1]
            self._server = make_server(
                LOOPBACK,
                self.port,
                DomainDispatcherApplication(create_backend_app),
                threaded=True,
                request_handler=MotoRequestHandler,
                fd=listener.fileno(),
            )
        self._thread = threading.Thread(target=self._server.serve_forever, name="account-server", daemon=True)
        self._thread.start()

    @property
    def endpoint(self) -> str:
        """The URL for `AWS_ENDPOINT_URL`."""
        return f"http://{LOOPBACK}:{self.port}"

    def close(self) -> None:
        """Stop listening and wait for the end of what is being answered."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _listener(wanted_port: int) -> socket.socket:
    """Listen on *wanted_port*, or where another process has it, on one that the system chooses."""
    try:
        return socket.create_server((LOOPBACK, wanted_port))
    except OSError:
        return socket.create_server((LOOPBACK, 0))
