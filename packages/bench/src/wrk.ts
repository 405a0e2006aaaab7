/**
 * The load of wrk, a client in C that takes a small part of the time that a server takes. Every answer is compared with
 * the one that is expected, by a script in Lua: a server that answers fast and wrong fails the run.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinned } from './pinning.js';
import { runProgram } from './program.js';
import type { Question } from './server.js';

/** A question and the only right answer to it, with status 200. */
export interface CheckedQuestion extends Question {
  readonly answer: string;
}

export interface WrkOptions {
  readonly port: number;
  /** One for each thread of the client, so an answer that goes to another thread's request is seen. */
  readonly questions: readonly CheckedQuestion[];
  /** Each with one request at a time; a multiple of the number of questions. */
  readonly connections: number;
  readonly seconds: number;
  /** Processors of the client; see pinServerAndClient. */
  readonly cpus?: string | undefined;
}

export interface WrkResult {
  /** Answered and right. */
  readonly requests: number;
  /** Real seconds of the load. */
  readonly seconds: number;
}

/** @throws Error without wrk, and for answers that are wrong or did not come, with their number and the first one */
export async function wrkLoad({ port, questions, connections, seconds, cpus }: WrkOptions): Promise<WrkResult> {
  const directory = mkdtempSync(join(tmpdir(), 'algo-wrk-'));
  const script = join(directory, 'load.lua');
  writeFileSync(script, wrkScript(questions), 'latin1');
  const shape = [`-t${questions.length}`, `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'];
  const args = [...shape, '-s', script, `http://127.0.0.1:${port}`];
  try {
    const { output } = await runProgram(pinned(cpus, { command: 'wrk', args }));
    return parseWrk(output);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && !message.includes('failed to execute wrk')) throw error; // the first of node, the second of taskset
    throw new Error(WITHOUT_WRK, { cause: error });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The script: its thread of number i asks question i, and counts the answers that are not the expected one. */
export function wrkScript(questions: readonly CheckedQuestion[]): string {
  const entries = questions.map(({ method = 'GET', path, headers = {}, body = '', answer }) => {
    const pairs = Object.entries(headers).map(([name, value]) => `[${quote(name)}] = ${quote(value)}`);
    const fields = [
      `method = ${quote(method)}`,
      `path = ${quote(path)}`,
      `headers = { ${pairs.join(', ')} }`,
      `body = ${quote(body)}`,
      `answer = ${quote(answer)}`,
    ];
    return `  { ${fields.join(', ')} },`;
  });
  return `local questions = {\n${entries.join('\n')}\n}\n${SCRIPT}`;
}

/** @throws Error for wrong answers and for requests without one */
export function parseWrk(output: string): WrkResult {
  const [, line] = /^algo (\{.*\})$/m.exec(output) ?? [];
  if (line === undefined) throw new Error(`wrk must print the counts of its script; it printed: ${output.trim()}`);
  const { requests, microseconds, wrong, first, failed }: WrkReport = JSON.parse(line);
  if (wrong > 0) throw new Error(`${wrong} of ${requests} answers are wrong; the first: ${first}`);
  if (failed > 0) throw new Error(`${failed} requests had no answer, ${requests} had one.`);
  if (requests === 0) throw new Error('No request was answered.');
  return { requests, seconds: microseconds / 1e6 };
}

// --- internal ---

const WITHOUT_WRK = 'wrk must be on PATH; it is not. Install it: apt-get install wrk';

interface WrkReport {
  readonly requests: number;
  readonly microseconds: number;
  readonly wrong: number;
  /** Status and body of the first wrong answer. */
  readonly first: string;
  /** Connections refused or cut, and time limits. */
  readonly failed: number;
}

/** wrk runs setup and done in its main thread, init and response in each thread, which have globals of their own. */
const SCRIPT = `
local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

function init()
  wrong = 0
  first = ""
  local question = questions[number]
  expected = question.answer
  wrk.method = question.method
  wrk.path = question.path
  wrk.body = question.body
  for name, value in pairs(question.headers) do wrk.headers[name] = value end
end

function response(status, headers, body)
  if status == 200 and body == expected then return end
  if wrong == 0 then first = status .. " " .. string.sub(body, 1, 200) end
  wrong = wrong + 1
end

local function quoted(text)
  return '"' .. string.gsub(text, '[%c"\\\\\\128-\\255]', function(c) return string.format("\\\\u%04x", string.byte(c)) end) .. '"'
end

function done(summary, latency, requests)
  local wrong, first = 0, ""
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("wrong")
    if first == "" then first = thread:get("first") end
  end
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  local form = 'algo {"requests":%d,"microseconds":%d,"wrong":%d,"failed":%d,"first":%s}\\n'
  io.write(string.format(form, summary.requests, summary.duration, wrong, failed, quoted(first)))
end
`;

/** As a string of Lua, byte by byte where it is not plain. */
function quote(text: string): string {
  const bytes = Array.from(Buffer.from(text), (byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c
      ? `\\${String(byte).padStart(3, '0')}`
      : String.fromCharCode(byte),
  );
  return `"${bytes.join('')}"`;
}
