"""What has been kept of an unfinished job: a line of JSON a file, added when the file is on the disk."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

from sim.store.files import Kept, is_inside, kept_of


class Journal:
    """Lines that only grow. A last line cut short by a crash or a full disk is dropped, and written over;
    a damaged one is passed over, so that its file alone is made again.

    Attributes
    ----------
    kept : the last word on each file, by its name in the result folder
    seconds : how long the job had been worked on when the last line was written
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.kept: dict[str, Kept] = {}
        self.seconds = 0.0
        self._end = 0
        for line in self._whole_lines():
            self._end += len(line)
            try:
                entry = json.loads(line)
                name, kept, seconds = entry["file"], kept_of(entry), float(entry["seconds"])
            except (ValueError, KeyError, TypeError, RecursionError):
                continue
            if is_inside(name) and math.isfinite(seconds):
                self.kept[name], self.seconds = kept, seconds

    def add(self, name: str, kept: Kept, seconds: float) -> None:
        """Note that a file is on the disk.

        Raises
        ------
        OSError
            When the line cannot be written; the lines before it still hold.
        """
        entry = {"file": name, "bytes": kept.bytes, "sha256": kept.sha256, "seconds": round(seconds, 3)}
        line = json.dumps(entry).encode() + b"\n"
        with self.file.open("r+b" if self.file.exists() else "xb") as handle:
            handle.seek(self._end)
            handle.truncate()
            handle.write(line)
            handle.flush()
            os.fsync(handle.fileno())
        self._end += len(line)
        self.kept[name] = kept
        self.seconds = seconds

    def _whole_lines(self) -> list[bytes]:
        try:
            return [line + b"\n" for line in self.file.read_bytes().split(b"\n")[:-1]]
        except FileNotFoundError:
            return []
