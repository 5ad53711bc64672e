"""What all tests share."""

import signal

# Started in the background of a shell, a process ignores Ctrl-C, and so do its children: tests send it, and mean it.
signal.signal(signal.SIGINT, signal.default_int_handler)
