"""The servers behind the offline account: real programs in place of what AWS runs of RDS and ElastiCache."""
