"""Import of worksheets of any length by the bulk path."""
