"""What the tests of hooks and of the workflow share."""

from __future__ import annotations

RULE = """\
needfix: 1
id: Q1
product: exchange-server
affects: [5.5 SP4]
fixes: [{files: {a.dll: {version: "5.5.2654.10"}}}]
cases:
  - {name: old, given: {level: 5.5 SP4, files: {a.dll: "5.5.2653.23"}}, expect: fix-required}
"""
