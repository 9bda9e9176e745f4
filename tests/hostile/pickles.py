"""Pickles, and whatever else runs when it is read."""

_EVIL = "import os\nclass Evil:\n    def __reduce__(self):\n        return (exec, (\"open('{canary}', 'a').write('unpickled')\",))\n"

ROWS = [
    ("pickles", "returned", "returns an object that does something when it is unpickled", _EVIL + "def sigmoid(z):\n    return Evil()\n", "failed", ""),
    (
        "pickles",
        "object array",
        "returns an array of such objects",
        _EVIL + "def sigmoid(z):\n    return np.array([Evil()] * np.size(z), dtype=object)\n",
        "failed",
        "",
    ),
    (
        "pickles",
        "raised",
        "raises an error that does something when it is unpickled",
        _EVIL + "class E(Evil, Exception):\n    pass\ndef sigmoid(z):\n    raise E('x')\n",
        "error",
        "",
    ),
    (
        "pickles",
        "frame",
        "sends a .npy frame that holds a pickle, over the wire itself",
        _EVIL + "import io, json, pickle, struct\ndef sigmoid(z):\n    head = b\"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\"\n"
        "    head += b' ' * (54 - len(head) % 64) + b'\\n'\n    frame = b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', len(head)) + head + pickle.dumps([Evil()])\n"
        "    call = [{'array': 0}, None, [], []]\n    said = json.dumps(['seen', [[call] * 9, '', 0, False, False, [], [], []]]).encode()\n"
        "    body = struct.pack('>II', len(said), 1) + said + struct.pack('>I', len(frame)) + frame\n"
        "    os.write(200, struct.pack('>Q', len(body)) + body)\n    os._exit(77)\n",
        "died error failed",
        "",
    ),
    (
        "pickles",
        "header",
        "sends a .npy frame whose header is a program",
        "import json, os, struct\ndef sigmoid(z):\n    head = b\"__import__('os').system('echo here >> {canary}') or {'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\\n\"\n"
        "    frame = b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', len(head)) + head + b'\\0' * 8\n"
        "    call = [{'array': 0}, None, [], []]\n    said = json.dumps(['seen', [[call] * 9, '', 0, False, False, [], [], []]]).encode()\n"
        "    body = struct.pack('>II', len(said), 1) + said + struct.pack('>I', len(frame)) + frame\n"
        "    os.write(200, struct.pack('>Q', len(body)) + body)\n    os._exit(77)\n",
        "died error failed",
        "",
    ),
    (
        "pickles",
        "file",
        "leaves a pickle where an array file is expected",
        _EVIL + "import pickle\nfor name in ('digits.npz', 'result.npy', 'grades.pkl'):\n    open('/tmp/' + name, 'wb').write(pickle.dumps(Evil()))\n"
        "def sigmoid(z):\n    return np.load('/tmp/result.npy')\n",
        "error",
        "",
    ),
]
