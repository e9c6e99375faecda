"""The six services; each has its own contract and its own data, and none imports another."""
