"""Shipping: parcels, their tracking, and who is told of a delivery; on the DynamoDB shard of the customer."""
