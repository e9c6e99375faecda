"""How answers and progress look to a person at a terminal."""
