"""The command line: the commands of `verbs/` in their groups; stdout is the answer, stderr the story."""

from __future__ import annotations

import atexit
import gc
from typing import Any

import click

from verbs import deploying, looking, machine, store
from verbs.options import Refused

SECTIONS = {
    "Deploy": deploying.COMMANDS,
    "Use what runs": store.COMMANDS,
    "Know before it costs": looking.COMMANDS,
    "This machine": machine.COMMANDS,
}
"""Heading of the help -> its commands, in the order in which a newcomer needs them."""


class Guarded(click.Group):
    """Turn every refusal of the rooms below into one clear message; a traceback is always a defect of ours."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; refusals and full disks end in one message and exit code 1."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            raise click.Abort from None
        except Exception as error:
            from terminal.refusals import sentence

            said = sentence(error)
            if said is None:
                raise
            raise Refused(said) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands in their sections, each with the whole of its first sentence; click would cut it."""
        width = max(map(len, self.list_commands(ctx)))
        for heading, commands in SECTIONS.items():
            with formatter.section(heading):
                rows = [(f"{each.name:{width}}", each.get_short_help_str(200)) for each in commands]
                formatter.write_dl(rows)


@click.group(cls=Guarded, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option("0.1.0", prog_name="bigpicture")
def main() -> None:
    """Deploy a complete distributed system, an e-commerce store, and prove it offline first.

    \b
    Example:  ./bigpicture up            the whole system in an offline account
              ./bigpicture test          every test
    """


for command in (each for commands in SECTIONS.values() for each in commands):
    main.add_command(command)

if __name__ == "__main__":
    atexit.register(gc.freeze)  # else Python goes through all objects before it ends: 4 of the 11 s of CPU of `check`
    main(prog_name="bigpicture")
