"""How the shipped sample scans are drawn: typesetting, layouts, stamps, and what a scanner does to paper."""
