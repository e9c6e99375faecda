"""Accounts: sign-up, log-in, sessions; owns customers in PostgreSQL and starts and ends sessions in Valkey."""
