"""The one command of a server: `python -m app web --services accounts` or `python -m app worker --queues mail`."""

import argparse
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence

from app import web, worker
from app.contract import QUEUES, SERVICES, Contract, ContractError


def main(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the role that *argv* names; returns 0, 1 (refused or unfinished), and exits with 2 for a wrong argument."""
    arguments = _parser().parse_args(argv)
    try:
        contract = Contract.from_environment(environment)
    except ContractError as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    if arguments.role == "web":
        return web.serve(contract, arguments.services)
    return worker.work(contract, arguments.queues)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app", description="One process of the store.", allow_abbrev=False)
    roles = parser.add_subparsers(dest="role", required=True)
    for role, option, names in (("web", "--services", SERVICES), ("worker", "--queues", QUEUES)):
        text = f"comma-separated, from: {', '.join(names)}"
        roles.add_parser(role, help=text).add_argument(option, type=_some_of(names), required=True, help=text)
    return parser


def _some_of(names: Collection[str]) -> Callable[[str], list[str]]:
    def parse(text: str) -> list[str]:
        chosen = text.split(",")
        unknown = [name for name in chosen if name not in names]
        if unknown or len(set(chosen)) < len(chosen):
            fault = f"unknown: {', '.join(map(repr, unknown))}" if unknown else "named twice"
            raise argparse.ArgumentTypeError(f"{text!r} has a name that is {fault}; allowed: {', '.join(names)}")
        return chosen

    return parse


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
