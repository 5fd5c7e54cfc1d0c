"""The only importer of durable-rules: evidence becomes a decision, observed events become symptoms."""
