"""Parse the commands for what stands and runs: look at it, fill it, load it, lose a server, find it with a client."""

from __future__ import annotations

import click

from verbs.options import any_of, as_json, of_stack, of_store


@click.command("open")
def open_() -> None:
    """Open the store in a browser, and print its address.

    \b
    Example:  ./bigpicture open
    """
    from terminal import hosts

    hosts.open_store()


@click.command()
@click.option("--live", is_flag=True, help="On a terminal, show what runs anew each second, until Ctrl-C.")
@click.option(
    "--not-carried", is_flag=True, help="Say what becomes of each setting that is not carried through offline."
)
@as_json
def status(live: bool, not_carried: bool, json_: bool) -> None:
    """Say what runs and where, and how each server is.

    \b
    Example:  ./bigpicture status --live
    """
    from terminal import status as answer

    answer.status(json_, live, not_carried)


@click.command()
@click.argument("name", shell_complete=any_of("server"))
@click.option("-f", "--follow", is_flag=True, help="Go on with what it writes, until Ctrl-C.")
def logs(name: str, follow: bool) -> None:
    """Print the log of a server or of a fleet.

    Their names are those of `status`. Of a balancer or an edge: a line for each request.

    \b
    Example:  ./bigpicture logs app-orders -f
    """
    from terminal import hosts

    hosts.logs(name, follow=follow)


@click.command()
@click.argument("name", shell_complete=any_of("machine"))
def stop(name: str) -> None:
    """Lose a server, and see what replaces it.

    A fault by hand: the machine of NAME, a host or data server of `status`, is gone at once.

    \b
    Example:  ./bigpicture stop i-0f3a5c7e9b1d2f4a6
    """
    from terminal import hosts

    hosts.stop(name)


@click.command()
@as_json
def serve(json_: bool) -> None:
    """Start the servers that `up --no-serve` left out.

    They run behind the offline account, from its databases to its edge, until `down`.

    \b
    Example:  ./bigpicture up --no-serve && ./bigpicture serve
    """
    from terminal import commands

    commands.serve(json_)


@click.command()
@click.option("--items", default=200, show_default=True, type=click.IntRange(1, 10_000), help="How many are listed.")
@click.option("--variant", default=0, show_default=True, help="Another number, other items.")
@of_store
@as_json
def seed(items: int, variant: int, url: str | None, password: str | None, json_: bool) -> None:
    """Fill the store with a believable catalogue.

    Every item gets a picture, which its seller uploads and a worker resizes. What is listed already stays as it is.

    \b
    Example:  ./bigpicture seed
              ./bigpicture seed --items 1000
    """
    from terminal import traffic

    traffic.seed(url, items, variant, password, json_)


@click.command()
@click.option("--rps", default=20.0, show_default=True, type=click.FloatRange(0.1, 10_000), help="Requests a second.")
@click.option("--minutes", default=1.0, show_default=True, type=click.FloatRange(0.01, 1_440), help="How long.")
@of_store
@as_json
def load(rps: float, minutes: float, url: str | None, password: str | None, json_: bool) -> None:
    """Let customers shop, and report times and faults.

    Of a hundred visits 62 look around, 15 fill a cart, 12 buy and wait for their parcel, 6 look after orders, 5 sell.
    They come when they are due, however slowly the store answers. Refusals are what a shop says to people: 402 for a
    card, 409 for too little stock.

    \b
    Example:  ./bigpicture seed && ./bigpicture load --rps 50 --minutes 2

    Exit code 1 when a request ended with 500 or more, or with no answer.
    """
    from terminal import traffic

    traffic.load(url, rps, minutes, password, json_)


@click.command()
@click.argument("name", required=False, shell_complete=any_of("output"))
@as_json
def outputs(name: str | None, json_: bool) -> None:
    """Print what the stack exports, or the one called NAME.

    \b
    Example:  ./bigpicture outputs url
    """
    from terminal import commands

    commands.outputs(name, json_)


@click.command()
@of_stack
@click.option("--start", is_flag=True, help="Start an empty account for Pulumi's engine when none is running.")
@as_json
def env(stack: str, start: bool, json_: bool) -> None:
    """Print what AWS clients need to find the account, for a shell.

    Pulumi itself too, where its engine made the account.

    For a stack on AWS: what Pulumi needs to find the state that ./bigpicture works with.

    \b
    Example:  eval "$(./bigpicture env)" && aws s3 ls
              eval "$(./bigpicture env --start)" && pulumi up -s offline
              eval "$(./bigpicture env --stack sandbox)" && pulumi stack -s sandbox
    """
    from terminal import account, commands

    if stack == "offline":
        commands.env(start, json_)
    else:
        account.env(stack, json_)


COMMANDS = (open_, status, logs, stop, serve, seed, load, outputs, env)
