"""The two texts of every refusal code, one module per floor that raises it."""
