"""Records, tables, errors and the loader of patterns."""
