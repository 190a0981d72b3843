"""Drills: the product killed, starved and crowded on purpose, on a data folder of its own, to see that it holds."""
