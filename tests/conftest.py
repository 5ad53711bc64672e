"""What all tests share."""

import signal

import pytest

# Started in the background of a shell, a process ignores Ctrl-C, and so do its children: tests send it, and mean it.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long ones, so that no worker is left with them at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
