"""What ``import bplearn`` costs beyond ``import numpy``. Target: 30 ms at most.

    python bench/import_time.py

CPU time (user and system) of fresh interpreters, taken in turn, so that a busy machine slows all alike.
The least of many rounds counts, for what else runs can only add; ratios are within this one run. BLAS is held
to one thread: the others spin while numpy is imported, which is counted too and varies by 40 ms.
"""

import os
import subprocess
import sys

ROUNDS = 15
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
TARGET_MS = 30.0
PROGRAMS = {
    "nothing": "pass",
    "numpy": "import numpy",
    "numpy, bplearn": "import numpy, bplearn",
    "numpy, bplearn.nn sigmoid": "import numpy; from bplearn.nn import sigmoid",
    "numpy, bplearn check": "import numpy; from bplearn import check",
}


def cpu_ms(program: str) -> float:
    """CPU milliseconds of one fresh interpreter that runs the program."""
    measured = f"{program}\nimport time; print(time.process_time())"
    done = subprocess.run(
        [sys.executable, "-c", measured],
        env=os.environ | ONE_THREAD,
        check=True,
        capture_output=True,
        text=True,
    )
    return 1000.0 * float(done.stdout)


def main() -> None:
    for program in PROGRAMS.values():
        cpu_ms(program)  # once unmeasured: writes the byte code and fills the disk cache
    rounds = [{name: cpu_ms(program) for name, program in PROGRAMS.items()} for _ in range(ROUNDS)]
    best = {name: min(times[name] for times in rounds) for name in PROGRAMS}
    python = sys.version.split()[0]
    print(
        f"CPU ms of a fresh Python {python}, BLAS on one thread, the least of {ROUNDS} rounds taken in turn"
    )
    for name, ms in best.items():
        print(f"  {name:28} {ms:6.0f} ms  {ms / best['numpy']:5.2f} x numpy  {ms - best['numpy']:+6.1f} ms")
    beyond = best["numpy, bplearn"] - best["numpy"]
    said = f"{beyond:.1f} ms" if beyond > 0 else "less than the noise of this machine"
    print(f"import bplearn beyond numpy: {said}, target {TARGET_MS:.0f} ms")
    raise SystemExit(beyond > TARGET_MS)


if __name__ == "__main__":
    main()
