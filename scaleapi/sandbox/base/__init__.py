"""What everything else builds on: JSON documents, errors, the clock and checks of requests."""
