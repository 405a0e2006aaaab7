"""For measured Python peers: the numbers of a run as one JSON object on the last line of the output."""
import json
import resource
import sys


def report(**numbers):
    """Prints the numbers and `peakMB`, the peak resident memory in 10^6 bytes."""
    print(json.dumps({**numbers, "peakMB": peak_bytes() / 1e6}))


def peak_bytes():
    # VmHWM, where it exists: getrusage's value also counts the moment before exec, a copy of the parent process.
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024
    except FileNotFoundError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
