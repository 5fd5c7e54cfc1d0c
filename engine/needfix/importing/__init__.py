"""Rules and product definitions made from what vendors publish."""
