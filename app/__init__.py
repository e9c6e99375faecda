"""What runs on the servers: web services and queue workers, from one artifact."""
