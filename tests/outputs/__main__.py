"""Write the outputs again: `python -m tests.outputs`.  What changes is read in `git diff` before it is
committed."""

from tests.outputs.run import EXPECTED, outputs

if __name__ == "__main__":
    for path in EXPECTED.glob("*.txt"):
        path.unlink()
    for name, text in outputs():
        (EXPECTED / f"{name}.txt").write_text(text, "utf-8")
