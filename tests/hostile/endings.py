"""Exits, signals, threads, `atexit`, background processes."""

_RIGHT_SO_FAR = "def sigmoid(z):\n    return 0.0\n"

ROWS = [
    # ---- exits ----
    ("exits", "sys.exit", "ends the program in a cell", "import sys\nsys.exit(0)\n", "not_attempted", "hangs"),
    ("exits", "os._exit", "ends it without a word", "import os\nos._exit(0)\n", "not_attempted died", "hangs"),
    ("exits", "quit", "raises SystemExit in the answer", "def sigmoid(z):\n    raise SystemExit(0)\n", "error", "hangs"),
    ("exits", "abort", "aborts", "import os\ndef sigmoid(z):\n    os.abort()\n", "died", "hangs"),
    (
        "exits",
        "exec",
        "becomes another program that says all is well",
        "import os, sys\ndef sigmoid(z):\n    os.execv('/bin/echo', ['echo', '{\"passed\": true}'])\n",
        "died",
    ),
    # ---- signals ----
    ("signals", "itself", "kills itself", "import os\ndef sigmoid(z):\n    os.kill(os.getpid(), 9)\n", "died", "hangs"),
    (
        "signals",
        "parents",
        "kills its parent, its group and all it can see",
        "import os, signal\ndef sigmoid(z):\n    for target in (os.getppid(), 1, -1):\n        try:\n            os.kill(target, signal.SIGKILL)\n"
        "        except OSError:\n            pass\n    return 0.0\n",
        "died failed",
        "",  # not tried where nothing holds: it would end the tests
    ),
    (
        "signals",
        "stop",
        "stops itself and whoever started it, for ever",
        "import os, signal\ndef sigmoid(z):\n    os.kill(os.getppid(), signal.SIGSTOP)\n    os.kill(os.getpid(), signal.SIGSTOP)\n",
        "timeout",
        "",
    ),
    ("signals", "segfault", "reads address zero", "import ctypes\ndef sigmoid(z):\n    ctypes.string_at(0)\n", "died", "hangs"),
    (
        "signals",
        "ptrace",
        "attaches to the process that started it",
        "import ctypes, os\ndef sigmoid(z):\n    libc = ctypes.CDLL(None)\n    for pid in (1, os.getppid()):\n"
        "        libc.ptrace(16, pid, 0, 0)\n    return 0.0\n",
        "failed died timeout",
        "",
    ),
    # ---- threads ----
    (
        "threads",
        "endless",
        "starts threads that never end",
        "import threading\ndef spin():\n    while True:\n        pass\nfor _ in range(3):\n    threading.Thread(target=spin).start()\n"
        + _RIGHT_SO_FAR,
        "failed not_attempted timeout",
        "hangs",
    ),
    (
        "threads",
        "locks",
        "holds the lock that imports need",
        "import threading, _imp\n_imp.acquire_lock()\ndef sigmoid(z):\n    t = threading.Thread(target=lambda: __import__('wave'))\n"
        "    t.start()\n    t.join()\n    return 0.0\n",
        "timeout failed",
        "",
    ),
    (
        "threads",
        "patch later",
        "waits until the checks begin, and patches then",
        "import threading, time\ndef later():\n    while True:\n        np.allclose = lambda *a, **k: True\n        time.sleep(0.001)\n"
        "threading.Thread(target=later, daemon=True).start()\ntime.sleep(0.01)\n" + _RIGHT_SO_FAR,
    ),
    (
        "threads",
        "finalizer",
        "patches when an object is collected, in a thread of its own",
        "import threading\nclass Last:\n    def __del__(self):\n        np.allclose = lambda *a, **k: True\n"
        "t = threading.Thread(target=lambda: Last() and None)\nt.start()\nt.join()\ndef sigmoid(z):\n    return 0.0\n",
    ),
    # ---- atexit ----
    (
        "atexit",
        "loop",
        "never ends at the end",
        "import atexit\ndef loop():\n    while True:\n        pass\natexit.register(loop)\n" + _RIGHT_SO_FAR,
        "failed",
        "hangs",
    ),
    (
        "atexit",
        "last word",
        "prints a result when all is over",
        "import atexit\natexit.register(print, '{\"passed\": true}')\n" + _RIGHT_SO_FAR,
        "failed",
    ),
    (
        "atexit",
        "exit code",
        "ends with another exit code, after a result",
        "import atexit, os\ndef end():\n    os.write(1, b'\\n{\"passed\": true}\\n')\n    os._exit(77)\natexit.register(end)\n" + _RIGHT_SO_FAR,
        "failed",
    ),
    (
        "atexit",
        "fork hooks",
        "does its work whenever somebody forks",
        "import os\ndef child():\n    while True:\n        pass\nos.register_at_fork(after_in_child=child)\n" + _RIGHT_SO_FAR,
        "timeout",
        "",
        True,
    ),
    # ---- background processes ----
    (
        "background processes",
        "child",
        "leaves a child that holds everything open",
        "import os, time\nif os.fork() == 0:\n    time.sleep(3600)\n    os._exit(0)\n" + _RIGHT_SO_FAR,
        "failed",
        "hangs",
    ),
    (
        "background processes",
        "daemon",
        "leaves a daemon in a session of its own that writes to the canary",
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(0.5)\n"
        "        open('{canary}', 'a').write('a daemon was here')\n        os._exit(0)\n    os._exit(0)\n" + _RIGHT_SO_FAR,
        "failed",
        "",
    ),
    (
        "background processes",
        "program",
        "starts a program that outlives it",
        "import subprocess\nsubprocess.Popen(['sh', '-c', 'sleep 1; echo here >> {canary}'], start_new_session=True)\n" + _RIGHT_SO_FAR,
        "failed",
        "none",
    ),
    (
        "background processes",
        "pool",
        "starts a pool in the answer and leaves it",
        "import multiprocessing, time\ndef sigmoid(z):\n    for _ in range(4):\n"
        "        multiprocessing.get_context('fork').Process(target=time.sleep, args=(3600,)).start()\n    return 0.0\n",
        "failed error",
        "hangs",
    ),
]
