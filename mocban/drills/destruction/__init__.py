"""The destruction drill: a file is destroyed, and what is left of it is looked for everywhere, back-ups included."""
