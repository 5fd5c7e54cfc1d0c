"""Build tables become product definitions and rules; a later import adds what is new."""
