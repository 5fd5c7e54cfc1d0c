"""Less information never makes an answer safer: the law held by the plain evaluator."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.degraded.deciders import by_the_plain_evaluator
from tests.degraded.sample import violation
from tests.support.laws import tried


@tried(100)
@given(st.integers(0, 2**32))
def test_a_server_with_less_information_has_no_safer_answer(seed: int) -> None:
    assert violation(by_the_plain_evaluator, seed) is None
