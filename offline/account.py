"""One AWS account inside this process, answered by moto and reached through ordinary boto3 clients."""

import math
import os
import threading
from functools import cache
from importlib import import_module
from typing import Any

import boto3
import botocore.session
import moto.core.utils
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigValueStore, ConstantProvider
from botocore.loaders import Loader
from botocore.model import OperationModel
from moto import settings
from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend, backend_lock
from moto.core.botocore_stubber import MockRawResponse
from moto.core.config import default_user_config
from moto.core.model_instances import reset_model_data
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.moto_api._internal import mock_random

from offline.server import AccountServer

ISSUE_CERTIFICATES_AFTER_S = math.inf
"""Age at which moto calls a requested certificate issued: never, because DNS decides (`offline.patches.acm`)."""


Credentials = tuple[str, str, str | None]
"""Access key, secret key and session token."""
ROOT: Credentials = ("offline", "offline", None)


class AccountError(Exception):
    """The offline account was asked for something that one process cannot give."""


class Account:
    """The one AWS account of this process; get it from `open_account`.

    moto keeps its state in globals of the process, so there is one account, and opening another closes the first.
    """

    def __init__(self, account_id: str, region: str) -> None:
        self.account_id = account_id
        self.region = region
        self._server: AccountServer | None = None
        self._open = True
        self._credentials: dict[str, Credentials] = {}

    def client(self, service: str, region: str | None = None, *, role: str | None = None) -> Any:
        """The boto3 client of *service*, the same object each time; *region* defaults to the account's.

        With the ARN of a *role* it calls as a server of that role and is refused what the role may not do; else it is
        the account's root.

        A call never opens a socket: it is handed to moto in the calling thread. An operation that moto lacks
        is refused as AWS refuses: a ClientError with the code NotImplemented and the operation's name.
        """
        if not self._open:
            raise AccountError(f"the offline account is closed; asked for a client of {service!r}. Fix: open_account()")
        return _client(service, region or self.region, self._of(role) if role else ROOT)

    def _of(self, role: str) -> Credentials:
        """One session in *role*, as an instance's profile would give it."""
        if role not in self._credentials:
            made = self.client("sts").assume_role(RoleArn=role, RoleSessionName="server")["Credentials"]
            self._credentials[role] = (made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
        return self._credentials[role]

    def serve(self, port: int | None = None) -> str:
        """Answer any AWS client on 127.0.0.1 as well, and return the endpoint URL; a second call returns the same.

        A *port* that is in use is not an error: another is taken, so read the port from the URL.
        """
        if self._server is None:
            self._server = AccountServer(port or 0)
        return self._server.endpoint

    def close(self) -> None:
        """Stop the server and forget everything the account held; harmless when repeated."""
        if not self._open:
            return
        self._open = False
        if self._server is not None:
            self._server.close()
            self._server = None
        _forget_everything()


_current: list[Account] = []


def open_account(region: str, seed: str) -> Account:
    """Open an empty account: the same *seed* and the same calls in the same order give the same ids, always.

    An account that is still open in this process is closed first. Calls made from several threads at once are
    safe, but then the order, and with it the ids, is not fixed.
    """
    while _current:
        _current.pop().close()
    _prepare_moto()
    _forget_everything()
    _seed(seed)
    account = Account(DEFAULT_ACCOUNT_ID, region)
    _current.append(account)
    return account


@cache
def _prepare_moto() -> None:
    """Strict settings and patches, once a process.

    moto reads its settings from MOTO_* variables while it is imported. They are assigned on its settings module
    instead, so that no variable is set and none reaches a child process.
    """
    _lend_session_to_moto()
    settings.ENABLE_AMI_VALIDATION = True
    settings.EC2_ENABLE_INSTANCE_TYPE_VALIDATION = True
    settings.ENABLE_KEYPAIR_VALIDATION = True
    settings.ACM_VALIDATION_WAIT = ISSUE_CERTIFICATES_AFTER_S
    default_user_config["iam"] = {"load_aws_managed_policies": True}  # else AmazonSSMManagedInstanceCore is unknown

    import_module("offline.patches").apply_patches()


def _forget_everything() -> None:
    """Drop every backend; the next call makes the ones it needs anew.

    moto's own reset remakes each at once, and some make others (Auto Scaling makes EC2) whose ids would then be drawn
    before the account is seeded. Only what holds files open is reset.
    """
    tables: list[Any] = vars(BackendDict)["_instances"]  # moto's list of the services in use
    with backend_lock:
        backends = [backend for table in tables for _, _, backend in table.iter_backends()]
        for backend in backends:
            if type(backend).reset is not BaseBackend.reset:
                backend.reset()
        for table in tables:
            table.clear()
        tables.clear()
    reset_model_data()


def _seed(seed: str) -> None:
    """Seed moto's one source of ids. Random.seed hashes a string with SHA-512: the same in every process."""
    mock_random.seed(seed)


def _lend_session_to_moto() -> None:
    """Let moto ask our session for the regions: its own read the user's profile, and a bad one stops its import.

    It also makes three sessions while its EC2 is imported, each of which parses the list of endpoints: 0.5 s.
    """
    libraries: list[Any] = [boto3, moto.core.utils]
    own, ours = boto3.Session, _session()

    def lend(*_: Any) -> boto3.Session:
        return ours

    for library in libraries:
        library.Session = lend
    try:
        import_module("moto.ec2.models")
    finally:
        libraries[0].Session = own
    regions: Any = AccountSpecificBackend
    regions.get_session = classmethod(lend)


_client_lock = threading.Lock()


def _client(service: str, region: str, credentials: Credentials) -> Any:
    """One client per service, region and caller for the whole process: building one costs more than ten calls."""
    with _client_lock:
        return _new_client(service, region, credentials)


@cache
def _new_client(service: str, region: str, credentials: Credentials) -> Any:
    key, secret, token = credentials
    client = _session().client(
        service,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(
            retries={"total_max_attempts": 1},
            user_agent="bigpicture",  # else 32 parts of one are spelled and cleaned for each call: a tenth of its time
            s3={"addressing_style": "path"},
            inject_host_prefix=False,
            ignore_configured_endpoint_urls=True,
            account_id_endpoint_mode="disabled",
        ),
    )
    events = client.meta.service_model.service_id.hyphenize()  # without this, each error says "reached max retries: 0"
    client.meta.events.unregister(f"needs-retry.{events}", unique_id=f"retry-config-{events}")
    return client


@cache
def _session() -> Any:
    """A boto3 session that reads neither AWS_* variables nor ~/.aws, and whose clients hand requests to moto."""
    core = botocore.session.Session(session_vars={})
    _isolate(core)
    core.register("before-send", _hand_to_moto)
    core.get_component("event_emitter").register_first("before-parameter-build", _fill_in_tokens)
    return boto3.Session(botocore_session=core)


def _fill_in_tokens(params: dict[str, Any], model: OperationModel, **_: Any) -> None:
    """Draw idempotency tokens from the seeded generator: botocore's are random, and a secret's version id is one."""
    members: Any = model.idempotent_members
    for name in members:
        params.setdefault(name, str(mock_random.uuid4()))


def _isolate(core: botocore.session.Session) -> None:
    """Replace every look-up chain (session, environment, ~/.aws/config) by botocore's own default."""
    defaults = {name: ConstantProvider(row[2]) for name, row in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    defaults["config_file"] = defaults["credentials_file"] = ConstantProvider(os.devnull)
    core.register_component("config_store", ConfigValueStore(mapping=defaults))
    builtin = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    core.register_component("data_loader", builtin)


def _hand_to_moto(request: Any, **_: Any) -> Any:
    """Answer *request* from moto. Never None: botocore would then send it to the network."""
    answer = botocore_stubber.process_request(request)
    if answer is None:
        raise AccountError(f"no service of the offline account answers {request.url}")
    status, headers, body = answer
    return AWSResponse(request.url, status, headers, MockRawResponse(body))
