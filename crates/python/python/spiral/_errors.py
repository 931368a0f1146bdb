"""What can go wrong. The text of an exception is the program's own: it says what is allowed and what to do."""


class SpiralError(Exception):
    """Any error of the program."""


class InputError(SpiralError, ValueError):
    """What was asked for, or a file of yours, makes no sense."""


class FileError(SpiralError, OSError):
    """The file system refused, or a file of a study is damaged."""


class WorkersError(SpiralError, RuntimeError):
    """The executor, or one of its tasks, failed. The parts that came before are kept if the study has a directory."""
