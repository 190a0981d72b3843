"""Hand-overs for the people who make them: lists to tick, what was ticked, and the record that both sides sign."""
