"""From the way a command ends to its exit code: the one place where that is decided.

    0    yes
    1    no: a claim is refuted, a certificate does not hold.  Nothing else ends with 1
    2    bad input, or a file or a standard output that cannot be read or written
    3    undecided: a bound was hit
    70   a defect in polylaw
    130  interrupted
    141  nobody reads standard output any more
    143  asked to stop

The last three are what a shell reports for SIGINT, SIGPIPE and SIGTERM, 70 is EX_SOFTWARE of sysexits.h.
What is not yes or no is said in one line on standard error.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback
from collections.abc import Callable
from typing import TextIO

import click

from polylaw.errors import BudgetError, InputError, PolylawError, VerificationError

YES, NO, BAD_INPUT, UNDECIDED, DEFECT, INTERRUPTED, CLOSED_PIPE = 0, 1, 2, 3, 70, 130, 141

#: With this variable set, a defect shows its traceback.
TRACEBACK = "POLYLAW_TRACEBACK"
#: Errors of a file that is open.  Files that are written (`polylaw.files`) tell theirs themselves: standard
#: output is left.
_WRITING = (errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC)


def exit_code(command: Callable[[], object]) -> int:
    """Run a command to its end, and tell people and their shells how it ended."""
    code, line = _ending(command)
    if line:
        with contextlib.suppress(OSError):  # nobody can be told; the exit code says it
            click.echo("".join(c if c.isprintable() else "?" for c in line), err=True)
    return code


def undecided(error: BudgetError | MemoryError) -> str:
    """Which bound was hit."""
    if isinstance(error, BudgetError):
        return str(error)
    return "out of memory: lower the degree, or bound the work with --max-unknowns"


def _ending(command: Callable[[], object]) -> tuple[int, str]:
    """The exit code and what to say: nothing after an answer."""
    try:
        return _answer(command), ""
    except click.UsageError as error:
        name = f"{error.ctx.info_name} " if error.ctx and error.ctx.parent else ""
        return BAD_INPUT, f"polylaw: {error.format_message()} (see polylaw {name}--help)"
    except click.ClickException as error:
        return BAD_INPUT, f"polylaw: {error.format_message()}"
    except (BudgetError, MemoryError) as error:
        return UNDECIDED, f"polylaw: {undecided(error)}"
    except VerificationError as error:
        return _defect(error)
    except PolylawError as error:
        return BAD_INPUT, f"polylaw: {error}"
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED, "interrupted"
    except BrokenPipeError:
        _forget(sys.stdout)
        return CLOSED_PIPE, ""
    except OSError as error:
        return BAD_INPUT, f"polylaw: {_refusal(error)}"
    except Exception as error:  # whatever is wrong, 1 would mean that a claim is refuted
        return _defect(error)


def _answer(command: Callable[[], object]) -> int:
    """The code that a command ends with, once all that it printed has left."""
    code: object = YES
    try:
        command()
    except SystemExit as end:
        code = end.code
    except click.exceptions.Exit as end:  # --help, --version
        code = end.exit_code
    if sys.stdout is not None:
        sys.stdout.flush()
    return code if isinstance(code, int) else YES


def _refusal(error: OSError) -> InputError:
    """What the system said no to."""
    reason = error.strerror or type(error).__name__
    if error.filename is not None or error.errno not in _WRITING:
        return InputError(str(error.filename or "the system"), reason, "what polylaw needs to run")
    _forget(sys.stdout)
    return InputError("standard output", reason, "room for what is printed", "is the disk full?")


def _defect(error: BaseException) -> tuple[int, str]:
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    what = f"{type(error).__name__}: {error}"[:300]
    return (
        DEFECT,
        f"polylaw: {what}: this is a defect in polylaw, please report it ({TRACEBACK}=1 shows where it is)",
    )


def _forget(stream: TextIO) -> None:
    """Drop what a stream could not write, which Python would try again at the end."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):  # a replacement in memory
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)
