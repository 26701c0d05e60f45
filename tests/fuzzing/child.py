"""One harness in a process of its own: what it finds is written down and the search goes on.

Run by `python -m tests.fuzzing`. What hangs or takes too much memory ends the process; libFuzzer keeps the input then.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HANG_SECONDS, MOST_MEMORY = 10, 1024


def main() -> None:
    """Arguments: name, folder of corpus and findings, seconds."""
    name, folder, seconds = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import atheris

    from tests.fuzzing.harnesses import HARNESSES

    harness = HARNESSES[name]
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    with atheris.instrument_imports(include=["app"]):
        attempt = harness.begin(folder)
        from app.core.errors import UserError
    known: set[str] = set()

    def one(data: bytes) -> None:
        try:
            attempt(data)
        except UserError:
            return
        except Exception as error:
            _note(folder, data, error, known)

    # The first line of statistics needs one input more than none.
    atheris.Setup(
        [
            *(sys.argv[0], str(corpus), f"-max_total_time={seconds}", f"-timeout={HANG_SECONDS}", f"-rss_limit_mb={MOST_MEMORY}"),
            *("-print_final_stats=1", f"-artifact_prefix={folder}/stopped-", "-max_len=300000", "-verbosity=1"),
        ],
        one,
    )
    atheris.Fuzz()


def _note(folder: Path, data: bytes, error: Exception, known: set[str]) -> None:
    """Once for each place in the program where such an error comes from."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if f"{ROOT}/app" in frame.filename] or list(
        traceback.extract_tb(error.__traceback__)[-1:]
    )
    where = f"{type(error).__name__} {frames[-1].filename.removeprefix(f'{ROOT}/')}:{frames[-1].lineno}"
    if where in known:
        return
    known.add(where)
    key = hashlib.sha256(where.encode()).hexdigest()[:10]
    (folder / f"found-{key}.bin").write_bytes(data)
    told = {"where": where, "what": str(error)[:300], "trace": traceback.format_exception(error)[-6:]}
    (folder / f"found-{key}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
