"""What is run: the stacks' settings, the presets behind them, and the composition that turns both into components."""
