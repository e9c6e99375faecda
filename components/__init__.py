"""Reusable Pulumi components: one box of the architecture per file, and in `parts` what boxes are built of."""
