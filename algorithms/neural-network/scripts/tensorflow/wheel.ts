/**
 * TensorFlow's libraries and headers from its newest wheel on PyPI. `tensorflow_cpu` for processors; `tensorflow` with
 * NVIDIA's wheels for GPUs, whose folders keep their relative places, because the libraries look for them there.
 *
 *   tensorflow/libtensorflow_cc.so.2   tensorflow/libtensorflow_framework.so.2   nvidia/NAME/lib   NAME.dist-info
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The libraries are the same for all of them; this one has had a wheel since TensorFlow 2.20. */
const PYTHON_VERSION = '3.13';

const UNPACK = `
import glob, sys, zipfile
WANTED = ('tensorflow/include/', 'tensorflow/libtensorflow', 'tensorflow/THIRD', 'nvidia/')
for wheel in glob.glob(sys.argv[1] + '/*.whl'):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        if any(name.startswith(WANTED) for name in names):
            archive.extractall(sys.argv[2], [name for name in names if name.startswith(WANTED) or '.dist-info/' in name])
`;

/** @returns the folder with the libraries; the headers are in its `include` */
export function unpackWheel(folder: string, device: 'cpu' | 'gpu'): string {
  const wheels = mkdtempSync(join(tmpdir(), 'tensorflow-wheel-'));
  try {
    const python = findPython();
    const packages = device === 'gpu' ? ['tensorflow[and-cuda]'] : ['--no-deps', 'tensorflow_cpu'];
    const options = ['--quiet', '--only-binary=:all:', '--python-version', PYTHON_VERSION, '--dest', wheels];
    execFileSync(python, ['-m', 'pip', 'download', ...options, ...packages], { stdio: 'inherit' });
    execFileSync(python, ['-c', UNPACK, wheels, folder], { stdio: 'inherit' });
  } finally {
    rmSync(wheels, { recursive: true, force: true });
  }
  return join(folder, 'tensorflow');
}

// --- internal ---

/** Any Python with pip will do: the wheel is only unpacked. */
function findPython(): string {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(python, ['-m', 'pip', '--version'], { stdio: 'ignore' });
      return python;
    } catch {}
  }
  throw new Error(
    'python3 with pip must be on the PATH to download TensorFlow, but is not. On Debian, install python3-pip.',
  );
}
