"""Audits of the stores: files drawn by lot at a checkpoint, a checklist for the shelves, the results as an act."""
