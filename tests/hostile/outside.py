"""Network, other learners' files, whatever lies outside."""

_RETURN = "\ndef sigmoid(z):\n    raise RuntimeError(found)\n"

ROWS = [
    # ---- network ----
    (
        "network",
        "tcp",
        "sends what it has to a server on this machine",
        "import socket\ntry:\n    s = socket.create_connection(('127.0.0.1', {port}), 1)\n    s.sendall(b'hello')\n    found = 'CONNECTED'\n"
        "except OSError as error:\n    found = 'no network'" + _RETURN,
        "error",
        "none",
    ),
    (
        "network",
        "udp",
        "sends a datagram, and asks for a name",
        "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ntry:\n    s.sendto(b'hello', ('127.0.0.1', {port}))\n"
        "    found = 'SENT'\nexcept OSError:\n    found = 'no network'" + _RETURN,
        "error",
        "none",
    ),
    (
        "network",
        "abstract socket",
        "connects to a socket that has no place on the disk",
        "import socket\ns = socket.socket(socket.AF_UNIX)\ntry:\n    s.connect('\\0bplearn-canary-{port}')\n    s.sendall(b'hello')\n    found = 'CONNECTED'\n"
        "except OSError:\n    found = 'no network'" + _RETURN,
        "error",
        "none",
    ),
    (
        "network",
        "interfaces",
        "looks for an interface that is up, and turns one on",
        "import socket, fcntl, struct\ns = socket.socket()\nup = []\nfor _, name in socket.if_nameindex():\n"
        "    flags = struct.unpack('16sh', fcntl.ioctl(s, 0x8913, struct.pack('16sh', name.encode(), 0)))[1]\n    up += [name] if flags & 1 else []\n"
        "try:\n    fcntl.ioctl(s, 0x8914, struct.pack('16sh', b'lo', 1))\n    up.append('turned on')\nexcept OSError:\n    pass\n"
        "found = f'UP {up}' if up else 'all down'" + _RETURN,
        "error",
        "none",
    ),
    # ---- other learners' files ----
    (
        "other learners' files",
        "submissions",
        "reads what the others have handed in",
        "import glob\nfound = 'nothing'\nfor path in glob.glob('{folder}/**/*.ipynb', recursive=True):\n    found = 'READ-A-NEIGHBOUR ' + open(path).read()[:20]\n    break\n"
        + _RETURN,
        "error",
        "none",
    ),
    (
        "other learners' files",
        "a secret",
        "reads a file at home, and the environment",
        "import os\ntry:\n    found = open('{secret}').read()\nexcept OSError:\n    found = 'nothing'\nfound += os.environ.get('BPLEARN_SECRET', '')\n"
        + _RETURN,
        "error",
        "none",
    ),
    (
        "other learners' files",
        "processes",
        "reads command lines and environments of all processes",
        "import glob, os\nown = {str(os.getpid()), '1', str(os.getppid()), 'self', 'thread-self'}\nfound = ''\n"
        "for path in glob.glob('/proc/*/environ') + glob.glob('/proc/*/cmdline'):\n    if path.split('/')[2] not in own:\n        try:\n"
        "            found += open(path).read()\n        except OSError:\n            pass\n"
        "found = 'SECRET-OF-A-PROCESS' if ('SECRET' in found or 'pytest' in found) else 'nothing'" + _RETURN,
        "error",
        "none",
    ),
    (
        "other learners' files",
        "a note for the next one",
        "leaves files, shared memory and queues for the notebook after it, and takes what was left for it",
        "import glob, ctypes\nlibc = ctypes.CDLL(None)\nfound = 'nothing'\nfor place in ('/tmp', '/dev/shm', '/var/tmp', '/run', '/box', '/dev', '/dev/mqueue'):\n"
        "    if glob.glob(place + '/note-*'):\n        found = 'A-NOTE-WAS-LEFT'\n    try:\n        open(place + '/note-for-you', 'w').write('hello')\n    except OSError:\n        pass\n"
        "if libc.shmget(4711, 4096, 0) >= 0:\n    found = 'A-NOTE-WAS-LEFT'\nlibc.shmget(4711, 4096, 0o1666)\n" + _RETURN,
        "error",
        "",
    ),
    (
        "other learners' files",
        "a note again",
        "the same once more, so that there is one to find",
        "import glob, ctypes\nlibc = ctypes.CDLL(None)\nfound = 'nothing'\nfor place in ('/tmp', '/dev/shm', '/var/tmp', '/run', '/box', '/dev', '/dev/mqueue'):\n"
        "    if glob.glob(place + '/note-*'):\n        found = 'A-NOTE-WAS-LEFT'\n"
        "if libc.shmget(4711, 4096, 0) >= 0:\n    found = 'A-NOTE-WAS-LEFT'\n" + _RETURN,
        "error",
        "",
    ),
    (
        "other learners' files",
        "the canary",
        "writes outside",
        "import os\nfound = 'nothing'\nfor place in ('{canary}', '/usr/x', '/etc/x', '/box/x', '/site/x'):\n    try:\n        open(place, 'a').write('here')\n        found = 'WROTE ' + place\n"
        "    except OSError:\n        pass\n" + _RETURN,
        "error",
        "none",
    ),
    # ---- ways out of the box ----
    (
        "a world of its own",
        "namespaces",
        "makes a new world in which it has rights",
        "import ctypes\nlibc = ctypes.CDLL(None)\nfound = 'NEW-WORLD' if libc.unshare(0x10000000) == 0 else 'refused'" + _RETURN,
        "error",
        "",
    ),
    (
        "a world of its own",
        "mounts",
        "mounts over the course, and takes the covers off",
        "import ctypes\nlibc = ctypes.CDLL(None)\nok = [libc.mount(b'tmpfs', b'/box', b'tmpfs', 0, None), libc.umount2(b'/tmp', 2), libc.mount(None, b'/', None, 0x1020, None)]\n"
        "found = 'MOUNTED' if 0 in ok else 'refused'" + _RETURN,
        "error",
        "",
    ),
    (
        "a world of its own",
        "rights",
        "becomes root, by every call that there is",
        "import os\nfound = 'refused'\nfor call in (os.setuid, os.seteuid, os.setgid):\n    try:\n        call(0)\n        found = 'ROOT' if os.getuid() == 0 == os.geteuid() else found\n"
        "    except OSError:\n        pass\ntry:\n    os.chroot('/')\n    found = 'CHROOT'\nexcept OSError:\n    pass" + _RETURN,
        "error",
        "",
    ),
    (
        "a world of its own",
        "devices",
        "makes a device and reads it, and the kernel's own memory",
        "import os\nfound = 'refused'\ntry:\n    os.mknod('/tmp/disk', 0o60666, os.makedev(254, 0))\n    open('/tmp/disk', 'rb').read(1)\n    found = 'DEVICE'\nexcept OSError:\n    pass\n"
        "for path in ('/proc/kcore', '/dev/mem', '/proc/kmsg', '/proc/sys/kernel/core_pattern'):\n    try:\n        handle = os.open(path, os.O_RDWR)\n        found = 'OPENED ' + path\n"
        "    except OSError:\n        pass" + _RETURN,
        "error",
        "",
    ),
]
# What must stand nowhere in what the grader writes.
REACHED = ("CONNECTED", "SENT", "UP [", "READ-A-NEIGHBOUR", "SECRET", "A-NOTE-WAS-LEFT", "WROTE ", "NEW-WORLD", "MOUNTED", "ROOT", "CHROOT", "DEVICE", "OPENED ")
