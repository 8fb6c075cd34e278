"""A table of texts, for a terminal and for Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Grid:
    """A table of texts: the first columns, `words` of them, are words, the others numbers."""

    head: tuple[str, ...]
    words: tuple[int, ...]
    lines: tuple[tuple[str, ...], ...]

    def rich(self, title: str) -> Table:
        """The table for a terminal."""
        table = Table(title=title, title_justify="left")
        for i, column in enumerate(self.head):
            table.add_column(column, justify="left" if i in self.words else "right")
        for line in self.lines:
            table.add_row(*line)
        return table

    def markdown(self) -> str:
        """The table in Markdown."""
        rule = ["---" if i in self.words else "---:" for i in range(len(self.head))]
        return "".join(f"| {' | '.join(line)} |\n" for line in (self.head, rule, *self.lines))
