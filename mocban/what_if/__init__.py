"""What a plan would bring, told to people: the ids a plan file means, the report, its table, workbook and picture."""
