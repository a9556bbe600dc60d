"""Python client of the Scale AI API."""
