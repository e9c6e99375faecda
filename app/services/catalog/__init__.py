"""Catalog: items, search and stock; owns them in PostgreSQL, and reads from its replicas."""
