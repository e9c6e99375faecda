"""How the app reaches its stores: one file per store, each with the one client that production uses."""
