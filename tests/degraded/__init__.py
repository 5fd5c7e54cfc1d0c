"""The law of less information over millions of servers with facts left out: `python -m tests.degraded`."""
