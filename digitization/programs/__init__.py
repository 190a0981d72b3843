"""One module per external program: is it there, which version, and how it is run."""
