"""What boxes are built of: a part serves boxes, knows none of them, and is imported by nobody else."""
