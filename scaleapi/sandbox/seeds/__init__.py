"""Seeds: many resources at once, from a file or from code."""
