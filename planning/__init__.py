"""Plan with plain arithmetic on presets and recorded graphs, before anything costs."""
