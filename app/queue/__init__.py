"""How messages are taken from queues: received, held, handled, deleted, and buried when nobody can handle them."""
