"""Feedback: reviews and ratings; owns them in PostgreSQL, and reads from its replicas."""
