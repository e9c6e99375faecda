"""Build the store from this stack's configuration: the program that both engines run."""

from stacks.store import build

build()
