"""
Executes a notebook from its first cell to its last, in one kernel, and writes it with its outputs.

    python run_notebook.py NOTEBOOK OUTPUT FOLDER      the cells' working folder is FOLDER

Prints a line of JSON as each cell begins and ends: {"cell": 3} and {"cell": 3, "seconds": 0.2}. When a cell fails, what
costs money must not stay: the later cells with the tag "clean-up" still run, then {"cell": 3, "error": "NAME: TEXT"} is
printed and the exit code is 1.
"""

import json
import os
import signal
import sys
import time

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

CLEAN_UP = "clean-up"


def main(source, target, folder):
    # What the kernel itself prints is no event: from here on, stdout is stderr, and events have the old stdout.
    events = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def say(**event):
        print(json.dumps(event), file=events)

    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(notebook, timeout=None, coalesce_streams=True, resources={"metadata": {"path": folder}})
    try:
        client.create_kernel_manager().kernel_spec
    except NoSuchKernel as error:
        sys.exit(f'the kernel "{error.name}" must be where Jupyter finds it (JUPYTER_PATH), but is not; install it')
    failure = None
    with client.setup_kernel():
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code" or (failure and CLEAN_UP not in cell.metadata.get("tags", [])):
                continue
            started = time.monotonic()
            say(cell=index)
            try:
                client.execute_cell(cell, index)
                say(cell=index, seconds=round(time.monotonic() - started, 3))
            except CellExecutionError as error:
                failure = failure or {"cell": index, "error": f"{error.ename}: {error.evalue}"}
            except DeadKernelError as error:
                failure = failure or {"cell": index, "error": f"the kernel ended: {error}"}
                break
    nbformat.write(notebook, target)
    if failure:
        say(**failure)
        sys.exit(1)


if __name__ == "__main__":
    # So that the kernel ends with this program.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main(*sys.argv[1:])
