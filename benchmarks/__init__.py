"""Measure speed and memory as ratios to a floor measured in the same run, because machines differ and are shared."""
