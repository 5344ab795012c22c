"""Medians of pieces of work that take turns, so that a busy machine slows them all alike."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter_ns

ROUNDS = 40
_ROUND_NS = 4_000_000


def medians(work: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """The median time of one call of each piece, in nanoseconds."""
    calls = {name: _calls_in_a_round(piece) for name, piece in work.items()}
    rounds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS):
        for name, piece in work.items():
            rounds[name].append(_timed(piece, calls[name]))
    return {name: median(times) for name, times in rounds.items()}


def _calls_in_a_round(piece: Callable[[], object]) -> int:
    piece()
    return max(1, int(_ROUND_NS / max(_timed(piece, 1), 1)))


def _timed(piece: Callable[[], object], calls: int) -> float:
    begun = perf_counter_ns()
    for _ in range(calls):
        piece()
    return (perf_counter_ns() - begun) / calls
