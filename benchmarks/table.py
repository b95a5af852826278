"""The table of figures."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Row:
    """One figure. `beside` is what it is compared with, in the same unit; `aim` is what this project wants of it."""

    what: str
    ours: str
    beside: str
    aim: str


def lines(rows: Sequence[Row]) -> Iterator[str]:
    table = [("figure", "ours", "beside it", "aim"), *map(astuple, rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def spread(seconds: Sequence[float]) -> str:
    """Median and the middle half, in milliseconds."""
    low, middle, high = (1000 * value for value in statistics.quantiles(seconds, n=4))
    return f"{middle:.2f} ms ({low:.2f}-{high:.2f})"
