"""Canned responses, by task type."""
