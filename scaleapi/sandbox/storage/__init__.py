"""SQLite: the schema, and documents in tables."""
