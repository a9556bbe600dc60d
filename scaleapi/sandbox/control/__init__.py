"""The control API at ``/_sandbox``, which needs no key."""
