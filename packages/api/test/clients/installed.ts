/**
 * The clients, installed outside of the clone: those of Python from PyPI into an environment of their own, those of
 * JavaScript from npm, by javascript/package-lock.json.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { PYTHON_VARIABLES, pythonEnvironment } from '@algo/bench';
import { PYTHON_PACKAGES } from './python-packages.ts';

export interface Installed {
  /**
   * Runs a script of this folder.
   * @returns what it prints
   * @throws Error with what it printed, when its exit code is not 0
   */
  run(script: string, variables: NodeJS.ProcessEnv): Promise<string>;
}

/** @param folder gets the scripts of JavaScript, which must be next to their packages */
export async function installClients(folder: string): Promise<Installed> {
  const [binDirectory, javaScript] = await Promise.all([installPython(), installJavaScript(folder)]);
  const python = join(binDirectory, 'python');
  const path = `${binDirectory}${delimiter}${process.env.PATH}`;
  return {
    async run(script, variables) {
      const isPython = script.endsWith('.py');
      const [program, scripts] = isPython ? [python, join(HERE, 'python')] : [process.execPath, javaScript];
      const env = { ...variables, ...PYTHON_VARIABLES, PATH: path };
      const { stdout } = await execute(program, [join(scripts, script)], { env, cwd: folder, maxBuffer: 1 << 26 });
      return stdout;
    },
  };
}

// --- internal ---

const execute = promisify(execFile);
const HERE = import.meta.dirname;

async function installPython(): Promise<string> {
  const python = await pythonEnvironment(PYTHON_PACKAGES, (line) => console.log(line));
  if (python.binDirectory && python.missing(PYTHON_PACKAGES) === undefined) return python.binDirectory;
  throw new Error(python.missing(PYTHON_PACKAGES) ?? 'Python is missing.');
}

async function installJavaScript(folder: string): Promise<string> {
  const source = join(HERE, 'javascript');
  const lock = createHash('sha256')
    .update(readFileSync(join(source, 'package-lock.json')))
    .digest('hex');
  const packages = join(homedir(), '.cache', 'algo-clients', `packages-${lock.slice(0, 12)}`);
  const done = join(packages, 'node_modules', '.package-lock.json'); // npm writes it last
  if (!existsSync(done)) {
    rmSync(packages, { recursive: true, force: true });
    mkdirSync(packages, { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(source, name), join(packages, name));
    await execute('npm', ['ci', '--ignore-scripts'], { cwd: packages });
  }
  const scripts = join(folder, 'javascript');
  cpSync(source, scripts, { recursive: true });
  symlinkSync(join(packages, 'node_modules'), join(scripts, 'node_modules'));
  return scripts;
}
