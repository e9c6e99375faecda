"""The rules of AWS and of good sense, each a small pure function over resources, for any host that can list them."""
