"""Payments: charges and refunds, kept in PostgreSQL and made by a payment gateway."""
