/** What `algo validate` shows: its steps as they run, and a table of all algorithms at the end. */
import { relative } from 'node:path';
import type { LocalEvent, Validation } from '@algo/local';
import { formatTable, type Terminal } from './terminal.js';

/** A validation, or the reason why it could not run. */
export interface Outcome {
  readonly algorithm: string;
  readonly validation?: Validation;
  readonly cause?: string;
}

/** The live line shows the current step and its latest message; in a pipe each finished step is one line. */
export function createListener(algorithm: string, terminal: Terminal): (event: LocalEvent) => void {
  let step = '';
  return (event) => {
    if (event.type === 'step-started') {
      step = event.step;
      terminal.progress(`${algorithm}: ${step}`);
    } else if (event.type === 'step-finished') {
      terminal.endProgress();
      if (event.result !== 'skipped') {
        terminal.line(`${algorithm}: ${event.step} ${paint(terminal, event.result)} ${event.seconds.toFixed(2)} s`);
      }
    } else if (event.type === 'metric') {
      terminal.progress(`${algorithm}: ${step}, ${event.name}=${event.value}`);
    } else if (event.type === 'transform-progress') {
      terminal.progress(`${algorithm}: ${step}, ${event.filesDone} of ${event.files} files, ${event.records} records`);
    }
  };
}

/** One table for all algorithms, and where their files are. */
export function report(outcomes: readonly Outcome[], terminal: Terminal): void {
  const rows = outcomes.flatMap(({ algorithm, validation, cause }) => {
    const steps = validation?.steps ?? [{ step: 'preparation', result: 'failed', seconds: 0, text: cause ?? '' }];
    return steps.map(({ step, result, seconds, text }, i) => {
      const shown = result === 'skipped' ? '' : seconds.toFixed(2);
      return [i === 0 ? algorithm : '', step, result, shown, text.split('\n')[0]!];
    });
  });
  if (rows.length === 0) return;
  const header = ['algorithm', 'step', 'result', 'seconds', 'checked'];
  terminal.line('');
  for (const [i, line] of formatTable([header, ...rows], [3]).entries()) {
    terminal.line(
      i === 0
        ? terminal.style('bold', line)
        : line.replace(/ (passed|failed|skipped) /, (word) => paintWord(terminal, word)),
    );
  }
  terminal.line('');
  for (const { validation } of outcomes) {
    if (validation) terminal.line(`Files: ${relative(process.cwd(), validation.directory) || '.'}`);
  }
}

// --- internal ---

function paint(terminal: Terminal, result: string): string {
  return terminal.style(result === 'passed' ? 'green' : result === 'failed' ? 'red' : 'yellow', result);
}

function paintWord(terminal: Terminal, word: string): string {
  return ` ${paint(terminal, word.trim())} `;
}
