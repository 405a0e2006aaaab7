"""Joins two network namespaces by a link on which each frame takes a while: relay.py SPACE INTERFACE SPACE INTERFACE MS

Each end is a TAP device that this process makes, and that goes away with it. Prints a line when both are there.
"""

import ctypes
import fcntl
import os
import select
import struct
import sys
import time
from collections import deque

TUNSETIFF = 0x400454CA
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000
FRAME_BYTES = 65536


def open_tap(space: str, interface: str) -> int:
    """The device of this name in a namespace, which this process is in from then on."""
    with open(f"/run/netns/{space}") as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), 0) != 0:
            raise OSError(ctypes.get_errno(), f"setns {space}")
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", interface.encode(), IFF_TAP | IFF_NO_PI))
    return device


first, second = open_tap(*sys.argv[1:3]), open_tap(*sys.argv[3:5])
delay = float(sys.argv[5]) / 1000
other = {first: second, second: first}
waiting: deque[tuple[float, int, bytes]] = deque()
print("ready", flush=True)
while True:
    patience = max(0, waiting[0][0] - time.monotonic()) if waiting else None
    for device in select.select([first, second], [], [], patience)[0]:
        try:
            waiting.append((time.monotonic() + delay, other[device], os.read(device, FRAME_BYTES)))
        except OSError:
            pass  # the device is not up yet
    while waiting and waiting[0][0] <= time.monotonic():
        _, target, frame = waiting.popleft()
        try:
            os.write(target, frame)
        except OSError:
            pass  # a full queue drops frames, as a network does
