"""What other programs write about servers, read as records: one module for each producer."""
