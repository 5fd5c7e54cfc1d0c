"""Rules and facts written for other programs."""
