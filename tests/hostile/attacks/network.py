# %% tcp
# tries: sends what it has to a server on this machine
# ends: error
# fools: none
import socket
try:
    s = socket.create_connection(('127.0.0.1', {port}), 1)
    s.sendall(b'hello')
    found = 'CONNECTED'
except OSError as error:
    found = 'no network'
def sigmoid(z):
    raise RuntimeError(found)

# %% udp
# tries: sends a datagram, and asks for a name
# ends: error
# fools: none
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    s.sendto(b'hello', ('127.0.0.1', {port}))
    found = 'SENT'
except OSError:
    found = 'no network'
def sigmoid(z):
    raise RuntimeError(found)

# %% abstract socket
# tries: connects to a socket that has no place on the disk
# ends: error
# fools: none
import socket
s = socket.socket(socket.AF_UNIX)
try:
    s.connect('\0bplearn-canary-{port}')
    s.sendall(b'hello')
    found = 'CONNECTED'
except OSError:
    found = 'no network'
def sigmoid(z):
    raise RuntimeError(found)

# %% interfaces
# tries: looks for an interface that is up, and turns one on
# ends: error
# fools: none
import socket, fcntl, struct
s = socket.socket()
up = []
for _, name in socket.if_nameindex():
    flags = struct.unpack('16sh', fcntl.ioctl(s, 0x8913, struct.pack('16sh', name.encode(), 0)))[1]
    up += [name] if flags & 1 else []
try:
    fcntl.ioctl(s, 0x8914, struct.pack('16sh', b'lo', 1))
    up.append('turned on')
except OSError:
    pass
found = f'UP {up}' if up else 'all down'
def sigmoid(z):
    raise RuntimeError(found)
