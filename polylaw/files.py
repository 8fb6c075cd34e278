"""Every result that polylaw writes goes through this door, which keeps one set of rules.

    -                       standard output, in one piece
    a file                  whole or not at all: a hidden draft beside it is filled, sent to the disk and
                            renamed; the permissions of a file that was there are kept, and one that may not
                            be written is refused
    a link                  is followed: what it leads to is written
    a device or a pipe      is written in place, never replaced
    an input                is never written, whatever name it goes by (`os.path.samefile`)
    a folder                new or empty, and filled whole or not at all

Whatever the system refuses is an `InputError` that names the file.  `Output.of` finds out what it can before
the work that makes the contents is done.  A program that is killed at once can leave a hidden draft behind,
but no half of a file.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import stat
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from polylaw.errors import InputError

STANDARD_OUTPUT = "-"


@dataclass(frozen=True)
class Output:
    """Where one result goes: a file, or standard output, by `-` or another name such as /dev/stdout."""

    name: str
    inputs: tuple[str, ...] = ()

    @staticmethod
    def of(name: str | Path, *inputs: str | Path) -> Output:
        """The output of this name, made from the files `inputs`.  `InputError` if it cannot be written."""
        output = Output(str(name), tuple(map(str, inputs)))
        with _refusals(output.name):
            output._place()
        return output

    @property
    def is_standard(self) -> bool:
        """Whether this is standard output, where nothing else may be printed then."""
        if self.name == STANDARD_OUTPUT:
            return True
        try:
            return os.path.samestat(os.stat(self.name), os.fstat(sys.stdout.fileno()))
        except (AttributeError, OSError, ValueError):
            return False  # no such file, or a standard output that is closed or is none

    def write(self, contents: str | bytes) -> None:
        """Write the result.  `InputError` when that fails, but for errors of standard output."""
        data = contents if isinstance(contents, bytes) else contents.encode()
        if self.is_standard:
            _print(data)
            return
        with _refusals(self.name):
            place = self._place()
            if place.exists() and not place.is_file():
                _write_in_place(place, data)
            else:
                _replace(place, data)

    def _place(self) -> Path:
        """The file to write, links followed; `InputError` for what may not be, `OSError` for what cannot."""
        path = Path(self.name)
        if self.is_standard:
            return path
        try:
            mode = os.stat(self.name).st_mode
        except FileNotFoundError:
            mode = 0
        if stat.S_ISDIR(mode) or not path.name or self.name.endswith(("/", os.sep)):
            raise InputError(self.name, "the name of a folder", "the name of a file")
        if not mode:  # a new file, or what a link leads to
            path = Path(os.path.realpath(path))
            os.stat(path.parent)
            if not os.access(path.parent, os.W_OK):
                raise InputError(self.name, "a folder that may not be written", "a file in a folder of yours")
            return path
        if any(os.path.exists(name) and path.samefile(name) for name in self.inputs):
            hint = "an input is never overwritten"
            raise InputError(self.name, "the file that is read", "another file", hint)
        if not mode & 0o222 or not os.access(path, os.W_OK):
            hint = "choose another name, or chmod +w"
            raise InputError(self.name, "a file that may not be written", "a file that may be", hint)
        return Path(os.path.realpath(path)) if stat.S_ISREG(mode) else path


def write_folder(name: str | Path, contents: Mapping[str, bytes]) -> None:
    """Fill a new or empty folder with files, given by their names relative to it: all of them or none."""
    if str(name) == STANDARD_OUTPUT:
        raise InputError(str(name), "standard output", "the name of a folder")
    with _refusals(str(name), "a folder"):
        folder = Path(os.path.realpath(name))
        if folder.exists() and not folder.is_dir():
            raise InputError(str(name), "a file", "a new or empty folder")
        if folder.is_dir() and any(folder.iterdir()):
            raise InputError(str(name), "a folder with files in it", "a new or empty folder")
        if folder.is_dir():  # it stays the folder it is, which may be mounted, or where a shell is
            _fill_folder(folder, contents)
            return
        draft = _draft(folder)
        with _whole(draft):
            draft.mkdir()
            _fill_all(draft, contents)
            os.rename(draft, folder)


def _fill_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    draft, tops = _draft(folder / "files"), sorted({Path(name).parts[0] for name in contents})
    with _whole(draft, *(folder / top for top in tops)):
        draft.mkdir()
        _fill_all(draft, contents)
        for top in tops:
            os.rename(draft / top, folder / top)
        draft.rmdir()


def _print(data: bytes) -> None:
    """Bytes to standard output, behind what was printed before."""
    sys.stdout.flush()
    if (binary := getattr(sys.stdout, "buffer", None)) is None:  # a replacement that takes text only
        sys.stdout.write(data.decode())
    else:
        binary.write(data)
    sys.stdout.flush()


def _write_in_place(place: Path, data: bytes) -> None:
    """To a device or a pipe; what is gone by now is not made anew as a file."""
    with open(os.open(place, os.O_WRONLY | getattr(os, "O_BINARY", 0)), "wb") as stream:
        stream.write(data)


def _replace(place: Path, data: bytes) -> None:
    draft = _draft(place)
    with _whole(draft):
        _fill(draft, data)
        if place.exists():
            draft.chmod(stat.S_IMODE(place.stat().st_mode))
        os.replace(draft, place)


def _draft(place: Path) -> Path:
    """A hidden name beside a file or folder, on the same disk."""
    return place.with_name(f".{place.name[:50]}.{secrets.token_hex(6)}")


def _fill_all(folder: Path, contents: Mapping[str, bytes]) -> None:
    for name, data in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _fill(folder / name, data)


def _fill(path: Path, data: bytes) -> None:
    """Write a file that is new and send it to the disk, so that a full one is known before the renaming."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _whole(*paths: Path) -> Iterator[None]:
    """None of these files and folders is left when the work inside does not come to its end."""
    with _asked_to_stop():
        try:
            yield
        except BaseException:
            for path in paths:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
            raise


@contextmanager
def _asked_to_stop() -> Iterator[None]:
    """SIGTERM, which would end the program at once, ends it through the work that tidies up."""
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def _refusals(name: str, what: str = "a file") -> Iterator[None]:
    """What the system says about a name, as an `InputError`."""
    try:
        yield
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise InputError(name, found, f"{what} that can be written", "check the path") from None
    except ValueError as error:  # a null character or half of a surrogate pair in the name
        if isinstance(error, InputError):
            raise
        raise InputError(name, str(error), f"the name of {what}") from None
