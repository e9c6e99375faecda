"""Orders: carts, on the DynamoDB shard of the customer."""
