"""Records to tables, the gold format, and the score."""
