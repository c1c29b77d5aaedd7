"""Plain text as it is built up: collapsed blanks, line and paragraph breaks, list marks, tabs."""

from __future__ import annotations


class Words:
    """Collects the words of a body in page order.

    Blanks collapse as browsers collapse them; breaks and marks wait until a word follows, so that
    a text neither begins nor ends with them and never has more than one empty line.
    """

    __slots__ = ("_blank", "_gap", "_mark", "_parts")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._gap = 0  # line breaks due before the next word; 2 makes an empty line
        self._blank = False
        self._mark = ""

    def add(self, text: str) -> None:
        """Words in running text."""
        words = text.split()
        if not words:
            self._blank = True
            return
        self._lead(blank=text[0].isspace())
        self._parts.append(" ".join(words))
        self._blank = text[-1].isspace()

    def add_verbatim(self, text: str) -> None:
        """Lines of code, kept as they are; the newline that opens or ends the block is not."""
        text = text.replace("\r\n", "\n").expandtabs(4)
        if not text.strip():
            if self._parts and not self._gap:
                self._parts.append(text)
            return
        if not self._parts or self._gap:
            text = text.lstrip("\n")
        self._lead(blank=False)
        kept = text.rstrip("\n")
        self._parts.append(kept)
        self._gap = min(2, len(text) - len(kept))

    def line(self) -> None:
        """At least a line break before the next word."""
        self._gap = self._gap or 1

    def paragraph(self) -> None:
        """An empty line before the next word."""
        self._gap = 2

    def forced_line(self) -> None:
        """A <br>: two of them are an empty line."""
        self._gap = min(2, self._gap + 1)

    def mark(self, mark: str) -> None:
        """What stands before the next word of a table cell: a tab."""
        self._mark = mark

    def position(self) -> int:
        """How far the words have come; for `drop_tail`."""
        return len(self._parts)

    def drop_tail(self, start: int, end: int) -> bool:
        """Drop the words between two positions if no word follows them; whether it did."""
        if any(any(map(str.isalnum, part)) for part in self._parts[end:]):
            return False
        del self._parts[start:end]
        return True

    def _lead(self, *, blank: bool) -> None:
        if not self._parts:
            self._parts.append(self._mark.strip("\t"))
        elif self._gap:
            self._parts.append("\n" * self._gap + self._mark.strip("\t"))
        elif self._mark:
            self._parts.append(self._mark)
        elif blank or self._blank:
            self._parts.append(" ")
        self._gap, self._mark, self._blank = 0, "", False

    def __str__(self) -> str:
        return "".join(self._parts).strip()
