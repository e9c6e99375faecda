"""Reusable Pulumi components: one box of the architecture per file."""
