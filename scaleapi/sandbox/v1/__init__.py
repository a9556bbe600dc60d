"""The v1 API: one blueprint per resource."""
