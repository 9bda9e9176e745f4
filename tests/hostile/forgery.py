"""Results forged on any channel that a grader might believe."""

_SAYS = 'import json, os, sys\nword = json.dumps({"passed": True, "points": 1, "status": "passed"})\n'

ROWS = [
    (
        "forged results",
        "stdout",
        "prints a result and ends, so that nothing comes after it",
        _SAYS + "os.write(1, (word + '\\n').encode())\nos._exit(0)\n",
        "not_attempted died",
    ),
    (
        "forged results",
        "every handle",
        "writes a result to every open file",
        _SAYS + "def sigmoid(z):\n    for n in range(1024):\n        try:\n            os.write(n, (word + '\\n').encode())\n"
        "        except OSError:\n            pass\n    os._exit(0)\n",
        "died timeout error",
    ),
    (
        "forged results",
        "the wire",
        "speaks the grader's own language: an observation for each case, of halves",
        "import os, sys\ndef sigmoid(z):\n    from bplearn import wire, collect\n    seen = collect.Observation(tuple(collect.Call(0.5) for _ in range(9)))\n"
        "    for n in range(3, 256):\n        try:\n            with os.fdopen(os.dup(n), 'wb') as out:\n"
        "                wire.send(out, ['seen', wire.write_observation(seen)])\n        except Exception:\n            pass\n    os._exit(77)\n",
        "died failed error",
        "",
    ),
    (
        "forged results",
        "more answers than questions",
        "sends an answer for the exercises to come, too",
        "import os\nfrom bplearn import wire, collect\ndef sigmoid(z):\n    seen = wire.write_observation(collect.Observation((collect.Call(0.5),)))\n"
        "    out = os.fdopen(os.dup(200), 'wb')\n    for _ in range(50):\n        wire.send(out, ['seen', seen])\n    return 0.5\n",
        "died failed error",
        "",
    ),
    (
        "forged results",
        "tables",
        "writes marks where the grader keeps them",
        "import glob, os\nfor place in {*glob.glob('/tmp/**/grades.*', recursive=True), '{canary}'}:\n    try:\n"
        "        open(place, 'a').write('forged,01_one_weight,sigmoid,passed,1,1,\\n')\n    except OSError:\n        pass\n"
        "def sigmoid(z):\n    return 0.0\n",
        "failed",
        "none",
    ),
    (
        "forged results",
        "a report",
        "returns a report on itself",
        "class Report:\n    passed, points, status = True, 1.0, 'passed'\n    def __eq__(self, other): return True\n"
        "    def __array_function__(self, *a): return True\ndef sigmoid(z):\n    return Report()\n",
    ),
    (
        "forged results",
        "exit code",
        "ends as whoever has told everything ends",
        "import os, sys, json\ndef sigmoid(z):\n    sys.stdout.write(json.dumps({'passed': True}))\n    sys.stdout.flush()\n    os._exit(77)\n",
        "timeout died",
    ),
    (
        "forged results",
        "drips",
        "sends the length of a large message, and then a byte now and then",
        "import os, struct, time\ndef sigmoid(z):\n    os.write(200, struct.pack('>Q', 10**6))\n    while True:\n"
        "        os.write(200, b' ')\n        time.sleep(0.2)\n",
        "timeout",
        "",
    ),
    (
        "forged results",
        "too much",
        "claims a message of four exabytes",
        "import os, struct\ndef sigmoid(z):\n    os.write(200, struct.pack('>Q', 2**62))\n    os._exit(77)\n",
        "died error timeout",
        "",
    ),
]
