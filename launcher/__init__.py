"""What the launcher does on first use, in the standard library alone: make the environment that the lock describes."""
