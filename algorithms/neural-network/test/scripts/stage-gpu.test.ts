/** The part of TensorFlow's folder that goes into the image for GPUs, with the inventory that scanners read. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '..', '..', 'scripts', 'stage-gpu.js');
const NPM_BILL = { bomFormat: 'CycloneDX', components: [{ name: 'tfjs', purl: 'pkg:npm/tfjs@4.22.0' }] };

let folder: string;
let source: string;
let stage: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stage-gpu-'));
  source = join(folder, 'source');
  stage = join(folder, 'stage');
  write('tfjs_binding.node', 'addon');
  write('tensorflow/libtensorflow_cc.so.2', 'library');
  write('tensorflow/include/c_api.h', 'header');
  write('nvidia/cublas/lib/libcublas.so.12', 'library');
  write('nvidia/cublas/include/cublas.h', 'header');
  write('nvidia/nccl/lib/libnccl.so.2', 'library');
  write('sbom.cdx.json', JSON.stringify(NPM_BILL));
  write('third-party-licenses.txt', 'tfjs 4.22.0\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(source, path)), { recursive: true });
  writeFileSync(join(source, path), text);
}

function writePackages(): void {
  write(
    'nvidia_cublas_cu12-12.9.dist-info/METADATA',
    'Name: nvidia-cublas-cu12\nVersion: 12.9\nLicense: NVIDIA\n\nText',
  );
  write('nvidia_cublas_cu12-12.9.dist-info/licenses/License.txt', 'Terms of cuBLAS');
  write('nvidia_nccl_cu12-2.32.dist-info/METADATA', 'Name: nvidia-nccl-cu12\nVersion: 2.32\n');
}

const read = (path: string): string => readFileSync(join(stage, path), 'utf8');

describe('the files of npm run tensorflow, staged for an image,', () => {
  it('have no headers or unused libraries, and list the packages of the rest', () => {
    writePackages();
    execFileSync(process.execPath, [SCRIPT, source, stage]);
    expect(existsSync(join(stage, 'tensorflow/tfjs_binding.node'))).toBe(true);
    expect(read('tensorflow/tensorflow/libtensorflow_cc.so.2')).toBe('library');
    expect(read('tensorflow/nvidia/cublas/lib/libcublas.so.12')).toBe('library');
    for (const path of ['tensorflow/include', 'nvidia/cublas/include', 'nvidia/nccl']) {
      expect(existsSync(join(stage, 'tensorflow', path))).toBe(false);
    }
    const { components } = JSON.parse(read('tensorflow/sbom.cdx.json'));
    expect(components).toEqual([
      NPM_BILL.components[0],
      {
        type: 'library',
        'bom-ref': 'pkg:pypi/nvidia-cublas-cu12@12.9',
        name: 'nvidia-cublas-cu12',
        version: '12.9',
        purl: 'pkg:pypi/nvidia-cublas-cu12@12.9',
        licenses: [{ license: { name: 'NVIDIA' } }],
      },
    ]);
    expect(read('tensorflow/third-party-licenses.txt')).toMatch(
      /^tfjs 4\.22\.0\n[\s\S]*12\.9 \(NVIDIA\)\n\nTerms of cuBLAS/,
    );
    expect(statSync(join(stage, 'tensorflow/tfjs_binding.node')).mtimeMs).toBe(0);
  });

  it('include webgpu as a package that can be imported, for this system only', () => {
    writePackages();
    execFileSync(process.execPath, [SCRIPT, source, stage]);
    expect(existsSync(join(stage, 'node_modules/webgpu/dist/linux-x64/dawn.node'))).toBe(true);
    expect(existsSync(join(stage, 'node_modules/webgpu/dist/win32-x64'))).toBe(false);
    expect(read('node_modules/webgpu/sbom.cdx.json')).toContain('"pkg:npm/webgpu@');
    const program = `import('webgpu').then(({ create }) => console.log(typeof create))`;
    expect(execFileSync(process.execPath, ['-e', program], { cwd: stage, encoding: 'utf8' })).toBe('function\n');
  });

  it('without the description of their packages are refused', () => {
    const { status, stderr } = spawnSync(process.execPath, [SCRIPT, source, stage], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('must hold the .dist-info of Python packages; it does not.');
  });
});
