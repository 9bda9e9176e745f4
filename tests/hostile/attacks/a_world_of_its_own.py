# %% namespaces
# tries: makes a new world in which it has rights
# ends: error
import ctypes
libc = ctypes.CDLL(None)
found = 'NEW-WORLD' if libc.unshare(0x10000000) == 0 else 'refused'
def sigmoid(z):
    raise RuntimeError(found)

# %% mounts
# tries: mounts over the course, and takes the covers off
# ends: error
import ctypes
libc = ctypes.CDLL(None)
ok = [libc.mount(b'tmpfs', b'/box', b'tmpfs', 0, None), libc.umount2(b'/tmp', 2), libc.mount(None, b'/', None, 0x1020, None)]
found = 'MOUNTED' if 0 in ok else 'refused'
def sigmoid(z):
    raise RuntimeError(found)

# %% rights
# tries: becomes root, by every call that there is
# ends: error
import os
found = 'refused'
for call in (os.setuid, os.seteuid, os.setgid):
    try:
        call(0)
        found = 'ROOT' if os.getuid() == 0 == os.geteuid() else found
    except OSError:
        pass
try:
    os.chroot('/')
    found = 'CHROOT'
except OSError:
    pass
def sigmoid(z):
    raise RuntimeError(found)

# %% devices
# tries: makes a device and reads it, and the kernel's own memory
# ends: error
import os
found = 'refused'
try:
    os.mknod('/tmp/disk', 0o60666, os.makedev(254, 0))
    open('/tmp/disk', 'rb').read(1)
    found = 'DEVICE'
except OSError:
    pass
for path in ('/proc/kcore', '/dev/mem', '/proc/kmsg', '/proc/sys/kernel/core_pattern'):
    try:
        handle = os.open(path, os.O_RDWR)
        found = 'OPENED ' + path
    except OSError:
        pass
def sigmoid(z):
    raise RuntimeError(found)
