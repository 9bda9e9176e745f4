"""Storms of processes and threads."""

ROWS = [
    (
        "process storms",
        "fork bomb",
        "forks until the machine is full",
        "import os\ndef sigmoid(z):\n    while True:\n        try:\n            os.fork()\n        except OSError:\n            pass\n",
        "timeout died memory",
        "",
    ),
    (
        "process storms",
        "thread bomb",
        "starts threads until there are no more",
        "import threading, time\ndef sigmoid(z):\n    while True:\n        threading.Thread(target=time.sleep, args=(600,)).start()\n",
        "error timeout died",
        "",
    ),
    (
        "process storms",
        "programs",
        "starts shells that start shells",
        "import subprocess\ndef sigmoid(z):\n    while True:\n        subprocess.Popen(['sh', '-c', 'while :; do sh -c : & done'])\n",
        "error timeout died memory",
        "",
    ),
    (
        "process storms",
        "runaway",
        "is a new process every millisecond, so that no signal finds it",
        "import os\ndef sigmoid(z):\n    while True:\n        if os.fork():\n            os._exit(0)\n",
        "died timeout error",
        "",
    ),
    (
        "process storms",
        "cell",
        "forks in the cell, so that each child goes on as if it were the grader's",
        "import os\nfor _ in range(4):\n    os.fork()\ndef sigmoid(z):\n    return 0.0\n",
        "failed died not_attempted timeout error",
        "",
    ),
]
