"""Results are written whole or not at all, to what the name leads to, and never over what they are made
from."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from polylaw.errors import InputError
from polylaw.files import Output, write_folder

TREE = {"README.md": b"# Read\n", "coq/a.v": b"a", "coq/b.v": b"b"}


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fail(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def terminate(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


# -- files -----------------------------------------------------------------------------------------
def test_a_new_file_has_the_permissions_of_new_files(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    Output.of(tmp_path / "c.json").write("{}\n")
    assert tree(tmp_path) == {"other": b"", "c.json": b"{}\n"}
    assert (tmp_path / "c.json").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text("old")
    path.chmod(0o640)
    Output.of(path).write(b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640)


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(InputError, match="a file that may not be written"):
        Output.of(path)
    assert tree(tmp_path) == {"c.json": b"old"}


@pytest.mark.parametrize("stop", [fail, interrupt, terminate])
def test_nothing_is_left_of_a_file_that_cannot_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: Callable[..., None]
) -> None:
    path = tmp_path / "c.json"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises((InputError, KeyboardInterrupt, SystemExit)):
        Output.of(path).write("new")
    assert tree(tmp_path) == {"c.json": b"old"}
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_links_are_followed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, target in (("there", "old.json"), ("nowhere", "new.json"), ("twice", "../there")):
        (tmp_path / name if name != "twice" else folder / name).symlink_to(
            target if name == "twice" else folder / target
        )
    (folder / "old.json").write_text("old")
    Output.of(tmp_path / "there").write("1")
    Output.of(tmp_path / "nowhere").write("2")
    assert ((folder / "old.json").read_text(), (folder / "new.json").read_text()) == ("1", "2")
    Output.of(folder / "twice").write("3")
    assert (folder / "old.json").read_text() == "3"
    assert all(path.is_symlink() for path in (tmp_path / "there", tmp_path / "nowhere", folder / "twice"))


def test_a_pipe_is_written_in_place(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    Output.of(pipe).write(b"x" * 200_000)
    reader.join(20)
    assert got == [b"x" * 200_000]
    assert pipe.is_fifo()


@pytest.mark.parametrize(("minor", "full"), [(3, False), (7, True)])
def test_a_device_is_written_in_place(tmp_path: Path, minor: int, full: bool) -> None:
    """A copy of /dev/null and of /dev/full stays what it is."""
    device = tmp_path / "device"
    try:
        os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        device.write_bytes(b"") if full else device.write_bytes(b"x")
    except OSError:
        pytest.skip("this user, or this file system, has no devices")
    if full:
        with pytest.raises(InputError, match="No space left on device"):
            Output.of(device).write("new")
    else:
        Output.of(device).write("new")
    assert device.is_char_device()
    assert sorted(tmp_path.iterdir()) == [device]


@pytest.mark.parametrize("link", [os.link, os.symlink, None])
def test_an_input_is_never_written(tmp_path: Path, link: Callable[[Path, Path], None] | None) -> None:
    model = tmp_path / "e.toml"
    model.write_text("[ode]")
    other = tmp_path / "other.json"
    link(model, other) if link else None
    name = str(other) if link else f"{tmp_path}/../{tmp_path.name}/e.toml"
    with pytest.raises(InputError, match="expected another file; an input is never overwritten"):
        Output.of(name, "linear:2,2", model)
    output = Output(name, (str(model),))  # as if the link were made after the first look
    with pytest.raises(InputError, match="the file that is read"):
        output.write("new")
    assert model.read_text() == "[ode]"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "found 'the name of a folder'"),
        (".", "found 'the name of a folder'"),
        ("new/", "expected the name of a file"),
        ("a/b/c.json", "found 'No such file or directory'"),
        ("file/c.json", "found 'Not a directory'"),
        ("loop", "found 'Too many levels of symbolic links'"),
        ("x" * 300, "found 'File name too long'"),
        ("null\0character", "embedded null"),
    ],
)
def test_names_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    Path("loop").symlink_to("loop")
    with pytest.raises(InputError, match=words):
        Output.of(name)
    assert {path.name for path in tmp_path.iterdir()} == {"file", "loop"}


def test_standard_output(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    print("before")
    Output.of("-").write("ü\n")
    Output.of("-").write(b"\xff")
    assert capfdbinary.readouterr().out == b"before\n\xc3\xbc\n\xff"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["/dev/stdout", "out.txt", "link"])
def test_other_names_of_standard_output(tmp_path: Path, name: str) -> None:
    """A shell's `> out.txt` and `-o out.txt` are one file: what is printed beside the result is not lost."""
    code = (
        f"import sys; from polylaw.files import Output; print(1); o = Output.of({name!r}); "
        "o.write('2'); print(o.is_standard)"
    )
    (tmp_path / "link").symlink_to("out.txt")
    with (tmp_path / "out.txt").open("w") as out:
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, stdout=out, check=True, timeout=60)
    assert (tmp_path / "out.txt").read_text() == "1\n2True\n"
    done = subprocess.run(
        [sys.executable, "-c", code.replace(name, "/dev/stdout")], capture_output=True, check=True, timeout=60
    )
    assert done.stdout == b"1\n2True\n"


# -- folders ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("exists", [False, True])
def test_a_folder_is_filled(tmp_path: Path, exists: bool) -> None:
    folder = tmp_path / "b"
    if exists:
        folder.mkdir()
        number = folder.stat().st_ino
    write_folder(folder, TREE)
    assert tree(tmp_path) == {f"b/{name}": data for name, data in TREE.items()}
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "coq"]
    assert not exists or folder.stat().st_ino == number


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize("stop", [fail, interrupt, terminate])
@pytest.mark.parametrize("when", ["fsync", "rename"])
def test_nothing_is_left_of_a_folder_that_cannot_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exists: bool, stop: Callable[..., None], when: str
) -> None:
    folder = tmp_path / "b"
    if exists:
        folder.mkdir()
    real, calls = getattr(os, when), []

    def second(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == (2 if exists or when == "fsync" else 1):
            stop()
        real(*arguments)

    monkeypatch.setattr(os, when, second)
    with pytest.raises((InputError, KeyboardInterrupt, SystemExit)):
        write_folder(folder, TREE)
    monkeypatch.undo()
    assert list(tmp_path.rglob("*")) == ([folder] if exists else [])
    write_folder(folder, TREE)


@pytest.mark.parametrize(
    ("name", "words"),
    [("file", "found 'a file', expected a new or empty"), ("full", "a folder with files in it")],
)
def test_folders_that_are_left_alone(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("y")
    with pytest.raises(InputError, match=words):
        write_folder(tmp_path / name, TREE)
    assert tree(tmp_path) == {"file": b"x", "full/file": b"y"}


def test_a_program_that_is_asked_to_stop_while_it_writes_tidies_up(tmp_path: Path) -> None:
    """In a process: a pool of threads that a library started does not take the signal away."""
    code = f"""
        import os, time, numpy
        from polylaw.files import Output
        os.fsync = lambda _: (print("writing", flush=True), time.sleep(30))
        Output.of({str(tmp_path / "c.json")!r}).write("new")
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        assert [path.name[:7] for path in tmp_path.iterdir()] == [".c.json"]
        process.terminate()
        assert process.wait(20) == 143
    assert list(tmp_path.iterdir()) == []
