"""The only way to durable-rules: evidence becomes a decision, observed events become symptoms."""
