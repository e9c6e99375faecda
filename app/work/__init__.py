"""The jobs behind the customer's back, one file a kind: what a message makes happen."""
