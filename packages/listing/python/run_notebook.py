"""
Executes a notebook from its first cell to its last, in one kernel, and writes it with its outputs.

    python run_notebook.py NOTEBOOK OUTPUT FOLDER      the cells' working folder is FOLDER

Prints a line of JSON as each cell begins and ends: {"cell": 3} and {"cell": 3, "seconds": 0.2}. When a cell fails, or at SIGTERM,
which interrupts the cell, what costs money must not stay: the later cells with the tag "clean-up" still run. Then follow
{"cell": 3, "error": "NAME: TEXT"} or {"stopped": true}, and {"cell": 9, "unclean": "NAME: TEXT"} for each of them that failed, too;
the exit code is 1. A second SIGTERM, or the end of stdin (a pipe from the program that started this one), ends it immediately.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
import time

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

CLEAN_UP = "clean-up"
# Seconds. The signal is lost on a kernel that is just about to begin with a cell.
INTERRUPT_AGAIN = 5
# Seconds for what takes no time on an idle machine: the start of a kernel, and outputs that follow a cell's end. nbclient's own
# limits, 60 and 4, end a run or leave outputs out on a busy one.
PATIENCE = 600
# Bytes of the path of a socket, without the number of one and the end that the system adds.
LONGEST_ADDRESS = 100


def main(source, target, folder):
    # What the kernel itself prints is no event: from here on, stdout is stderr, and events have the old stdout.
    events = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def say(**event):
        print(json.dumps(event), file=events)

    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=None,
        iopub_timeout=PATIENCE,
        startup_timeout=PATIENCE,
        coalesce_streams=True,
        resources={"metadata": {"path": folder}},
    )
    manager = client.create_kernel_manager()
    try:
        language = manager.kernel_spec.language
    except NoSuchKernel as error:
        sys.exit(f'the kernel "{error.name}" must be where Jupyter finds it (JUPYTER_PATH), but is not; install it')
    with tempfile.TemporaryDirectory(prefix="algo-kernel-") as sockets:
        # Not by TCP: Jupyter looks for free ports before the kernel takes them, and another program may take one meanwhile. Kernels
        # of other languages may know nothing else.
        address = os.path.join(sockets, "kernel")
        if language == "python" and os.name == "posix" and len(os.fsencode(address)) <= LONGEST_ADDRESS:
            manager.transport, manager.ip = "ipc", address
        try:
            problems = asyncio.run(execute(client, say))
        except asyncio.CancelledError:
            sys.exit("ended before the clean-up")
    nbformat.write(notebook, target)
    for problem in problems:
        say(**problem)
    sys.exit(1 if problems else 0)


async def execute(client, say):
    """Runs the cells. Returns the events of what went wrong."""
    problems = []
    running = None  # the cell that a signal interrupts
    task = asyncio.current_task()

    def stop():
        if {"stopped": True} in problems:
            task.cancel()
            return
        problems.append({"stopped": True})
        stop.interrupting = asyncio.ensure_future(interrupt(running))

    async def interrupt(cell):
        while cell is not None and running is cell:
            await client.km.interrupt_kernel()
            await asyncio.sleep(INTERRUPT_AGAIN)

    def end():
        loop.remove_reader(0)
        task.cancel()

    async with client.async_setup_kernel():
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, stop)
        # Ctrl-C reaches the whole group of processes; the program that started this one decides what it means.
        loop.add_signal_handler(signal.SIGINT, lambda: None)
        loop.add_reader(0, lambda: os.read(0, 1024) or end())
        dead = None
        for index, cell in enumerate(client.nb.cells):
            is_clean_up = CLEAN_UP in cell.metadata.get("tags", [])
            if cell.cell_type != "code" or (problems and not is_clean_up):
                continue
            if dead:
                problems.append({"cell": index, "unclean": dead})
                continue
            started = time.monotonic()
            say(cell=index)
            running = None if is_clean_up else cell
            error = None
            try:
                await client.async_execute_cell(cell, index)
                say(cell=index, seconds=round(time.monotonic() - started, 3))
            except CellExecutionError as failed:
                error = f"{failed.ename}: {failed.evalue}"
            except DeadKernelError as failed:
                error = dead = f"the kernel ended: {failed}"
            running = None
            if error and not problems:
                problems.append({"cell": index, "error": error})
            elif error and is_clean_up:
                problems.append({"cell": index, "unclean": error})
    return problems


if __name__ == "__main__":
    main(*sys.argv[1:])
