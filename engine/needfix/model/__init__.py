"""What needfix speaks of: products, rules, servers, evidence and decisions. All immutable."""
