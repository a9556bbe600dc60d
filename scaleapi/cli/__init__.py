"""The ``scaleapi`` command."""
