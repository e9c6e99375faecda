"""What the machine refuses is said with the file and the fix, not as an errno."""

import errno
import os

import click
from click.testing import CliRunner
from pulumi.config import ConfigMissingError

from cli import Guarded
from engines.refusals import unknown_name


@click.group(cls=Guarded)
def program():
    """Stand in for the command line."""


@program.command()
def write():
    """Do what ends in the kernel's refusal."""
    raise OSError(errno.EROFS, os.strerror(errno.EROFS), "/srv/bigpicture/stacks/x.yaml")


@program.command()
def fill():
    """Do what ends on a full disk, whose refusal names no file."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@program.command()
def read():
    """Do what a program does that reads a setting which nobody gave."""
    raise ConfigMissingError("invoices:log_days", secret=False)


def test_a_setting_that_a_program_misses_is_named_with_the_fix():
    done = CliRunner().invoke(program, ["read"])
    assert done.exit_code == 1
    assert done.stderr == (
        "Error: invoices:log_days is not set; allowed: a value. Fix: --set invoices:log_days=VALUE\n"
    )


def refused(name, *names):
    return str(unknown_name("rule", name, names, "./bigpicture rules", "./bigpicture rules"))


def test_a_name_among_hundreds_is_refused_with_the_nearest_alone():
    assert refused("rule-30O", *(f"rule-{number}" for number in range(300))) == (
        "rule is 'rule-30O'; allowed: the 300 that `./bigpicture rules` lists. Nearest: rule-30, rule-230, rule-130."
        " Fix: ./bigpicture rules rule-30"
    )


def test_a_name_that_is_like_none_is_refused_with_what_lists_them():
    said = "rule is 'zz'; allowed: the 9 that `./bigpicture rules` lists. Fix: ./bigpicture rules"
    assert refused("zz", *(f"rule-{number}" for number in range(9))) == said


def test_a_part_of_a_name_is_near_it():
    said = refused("type", "waf", "app_server_type", "cache_type")
    assert ". Nearest: cache_type, app_server_type. Fix: ./bigpicture rules cache_type" in said


def test_a_file_that_cannot_be_written_is_named_with_the_fix():
    done = CliRunner().invoke(program, ["write"])
    assert done.exit_code == 1
    assert done.stderr == (
        "Error: /srv/bigpicture/stacks/x.yaml cannot be used: Read-only file system;"
        " allowed: a writable folder with free space. Fix: its permissions, or free space on the disk\n"
    )


def test_a_full_disk_is_said_with_the_fix_where_the_kernel_names_no_file():
    assert CliRunner().invoke(program, ["fill"]).stderr == (
        "Error: the state of this checkout cannot be used: No space left on device; allowed: a writable folder with"
        " free space. Fix: its permissions, or free space on the disk\n"
    )
