"""Who carries the program out: one interface, two engines, and the graph of what was registered."""
