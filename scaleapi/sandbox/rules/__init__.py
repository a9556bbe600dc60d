"""What the API allows. Pure functions: nothing here reads or writes state."""
