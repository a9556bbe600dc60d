"""The v2 API: conversations, their batches and projects, and what is delivered of them."""
