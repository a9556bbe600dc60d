"""Objects of v1 and models of v2: a JSON dict each, with typed fields."""
