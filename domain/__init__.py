"""What is true: frozen structs and plain functions. No clock, no dice, no IO."""
