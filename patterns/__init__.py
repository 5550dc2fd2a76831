"""The knowledge as data: lexicons (CSV) and rules (TOML)."""
