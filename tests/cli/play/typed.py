"""How a game is typed."""

import io
from collections.abc import Callable

SHORT = ("--set", "end=2023-11-12")

Play = Callable[..., tuple[int, str, str]]


class Typed(io.StringIO):
    """Lines that are typed, and then Ctrl-C where `breaks` is set."""

    breaks = False

    def readline(self, *args: int) -> str:  # type: ignore[override]
        line = super().readline(*args)
        if not line and self.breaks:
            raise KeyboardInterrupt
        return line


def one_line(err: str) -> str:
    assert err.count("\n") == 1, err
    assert err.startswith("spiral: ")
    return err
