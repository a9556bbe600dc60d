"""One call: its request, attempts, waits, deadline, connection and response.

This package knows no resource. ``adapter`` runs the attempts of a call, ``policy`` holds every
retry rule, ``connection`` keeps each socket operation inside the deadline, and ``response`` and
``failure`` turn what came, or did not come, into JSON or an exception.
"""
