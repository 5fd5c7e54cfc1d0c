"""The data types of needfix: products, rules, servers, evidence and decisions. All are immutable."""
