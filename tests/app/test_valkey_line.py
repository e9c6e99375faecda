"""A line to a Valkey node: whose answer is whose, and what becomes of those who wait when there is none."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from contextlib import asynccontextmanager
from typing import Any

import libvalkey
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from valkey.asyncio.cluster import ClusterNode
from valkey.exceptions import AuthenticationError, InvalidResponse, MovedError
from valkey.exceptions import ConnectionError as Lost
from valkey.exceptions import TimeoutError as TooSlow

from app.data.valkey_line import Line
from app.data.valkey_lines import Lines

SOON_S, LONG_S = 0.05, 60.0
RIGHT = "it's"


def echo(command):
    return b"+%s\r\n" % command[-1]


def kind(said):
    return type(said) if isinstance(said, BaseException) else said


class Node(asyncio.Protocol):
    """A connection to a node that answers each command by *answer*, and None by closing it."""

    def __init__(self, answer, connections):
        self.answer, self.connections, self.parser = answer, connections, libvalkey.Reader()

    def connection_made(self, transport: Any):
        self.transport = transport
        self.connections.append(transport)

    def data_received(self, data):
        self.parser.feed(data)
        while (command := self.parser.gets()) is not False:
            said = self.answer(command)
            self.transport.close() if said is None else self.transport.write(said)


@asynccontextmanager
async def node(answer, tls=None):
    """The port of such a node."""
    connections = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Node(answer, connections), "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for each in connections:
            each.abort()
        await asyncio.sleep(0)  # closed in the next turn of the loop


@asynccontextmanager
async def line_to(answer, limit_s=LONG_S):
    async with node(answer) as port:
        _, line = await asyncio.get_running_loop().create_connection(lambda: Line(limit_s), "127.0.0.1", port)
        yield line
        line.close()


async def told(answer, count=3, limit_s=LONG_S):
    """What *count* questions at once are told by a node that answers by *answer*, and whether the line is open then."""
    async with line_to(answer, limit_s) as line:
        answers = [line.ask("GET", str(at)) for at in range(count)]
        said = await asyncio.wait_for(asyncio.gather(*answers, return_exceptions=True), LONG_S)
        return [kind(each) for each in said], line.open


def refuse_one(command):
    return b"-MOVED 7 127.0.0.1:1\r\n" if command[-1] == b"1" else echo(command)


def test_each_question_gets_its_own_answer_and_a_refusal_is_of_one_alone():
    assert asyncio.run(told(refuse_one)) == ([b"0", MovedError, b"2"], True)


def test_who_has_left_takes_nobody_elses_answer():
    async def asked():
        async with line_to(echo) as line:
            line.ask("GET", "gone").cancel()
            return await asyncio.wait_for(line.ask("GET", "here"), LONG_S)

    assert asyncio.run(asked()) == b"here"


@pytest.mark.parametrize(
    ("answer", "limit_s", "fault"),
    [
        pytest.param(lambda _: b"", SOON_S, TooSlow, id="says nothing"),
        pytest.param(lambda _: None, LONG_S, Lost, id="closes the connection"),
        pytest.param(lambda _: b"?\r\n", LONG_S, InvalidResponse, id="speaks something else"),
    ],
)
def test_all_who_wait_for_a_node_are_told_that_it_is_out_and_the_line_is_closed(answer, limit_s, fault):
    assert asyncio.run(told(answer, limit_s=limit_s)) == ([fault] * 3, False)


def test_a_node_that_answers_what_nobody_asked_is_not_believed_any_more():
    assert asyncio.run(told(lambda command: echo(command) * 2, count=1)) == ([b"0"], False)


async def through_lines(answer, token=RIGHT, tls=None):
    """What the first question over a new line is told."""

    async def given():
        return token

    async with node(answer, tls) as port:
        lines = Lines(given, LONG_S, tls=tls is not None)
        try:
            return await lines.ask(ClusterNode("localhost", port), "GET", "x")
        finally:
            lines.close()


def guarded(command):
    if command[0] == b"AUTH":
        return b"+OK\r\n" if command[1] == RIGHT.encode() else b"-WRONGPASS invalid username-password pair\r\n"
    return echo(command)


def test_nothing_is_asked_before_the_password_is_taken():
    with pytest.raises(AuthenticationError):
        asyncio.run(through_lines(guarded, "hunter2"))
    assert asyncio.run(through_lines(guarded)) == b"x"


def test_questions_at_once_share_a_connection_that_is_there():
    async def asked():
        async with node(lambda command: told.append(command[0]) or guarded(command)) as port:
            lines, where = Lines(right, LONG_S, tls=False), ClusterNode("localhost", port)
            await lines.ask(where, "GET", "first")
            await asyncio.gather(*(lines.ask(where, "GET", "x") for _ in range(50)))
            lines.close()

    async def right():
        return RIGHT

    told = []
    asyncio.run(asked())
    assert (told.count(b"AUTH"), told.count(b"GET")) == (1, 51)


def own_certificate(folder):
    """A certificate for 127.0.0.1 that only who knows it trusts; its file, and a server's context with it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    today = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(today - dt.timedelta(1)).not_valid_after(today + dt.timedelta(1))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = made.add_extension(alternative, critical=True).sign(key, hashes.SHA256())
    file = folder / "both.pem"
    bare = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(key.private_bytes(*bare) + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return file, context


def test_with_tls_a_node_is_asked_only_behind_a_certificate_that_is_trusted(tmp_path, monkeypatch):
    file, context = own_certificate(tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(through_lines(echo, tls=context))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert asyncio.run(through_lines(echo, tls=context)) == b"x"
