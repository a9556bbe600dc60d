"""Resources of one mode, test or live: one module per noun."""
