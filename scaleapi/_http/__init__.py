"""The HTTP layer: requests, retries, deadlines, connections and responses.

This package is independent of the API's resources. ``adapter`` sends the attempts of a call,
``policy`` contains the retry rules, ``connection`` limits each socket operation to the deadline,
``response`` decodes responses, and ``failure`` creates the errors for calls without one.
"""
