/** The image that was validated, and what its check found. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageCheck } from '@algo/local';
import { type Content, html } from '../page/html.js';
import { formatBytes } from '../page/numbers.js';
import { leftOut, type Section } from '../page/section.js';
import { dataTable, factList } from '../page/table.js';
import type { ValidationRecord } from '../record.js';

/** @param checkFolder of `algo image check`, which may be missing or of another image */
export function imageSection({ validation }: ValidationRecord, checkFolder: string, command: string): Section {
  const { image } = validation;
  const body = image
    ? show(image, readCheck(checkFolder), command)
    : leftOut(
        'the program was validated as a process. Run algo validate with --runner container, then algo report with it.',
      );
  return { id: 'image', title: 'Image', body };
}

// --- internal ---

type Image = NonNullable<ValidationRecord['validation']['image']>;

function show(image: Image, check: ImageCheck | undefined, command: string): Content {
  const isSame =
    check !== undefined && JSON.stringify(check.layers.map(({ diffId }) => diffId)) === JSON.stringify(image.diffIds);
  return html`${factList([
    ['Image', html`<code>${image.reference}</code>`],
    ['Image ID', html`<code>${image.id}</code>`],
    ...(isSame && check.digest !== undefined ? [['Digest', html`<code>${check.digest}</code>`] as const] : []),
    ...(image.bytes === undefined ? [] : [['Size on disk', formatBytes(image.bytes)] as const]),
    ...(isSame ? [['Size compressed', formatBytes(check.compressedBytes)] as const] : []),
    ['Layers', image.diffIds.length],
    ['Network', 'none; every step ran without one'],
    ['Root file system', 'read-only but for /tmp and /opt/ml'],
  ])}
${
  isSame
    ? dataTable({
        caption: 'Check of the image',
        columns: [{ name: 'check' }, { name: 'result' }, { name: 'found' }],
        rows: check.items.map(({ name, result, text }) => [name, html`<span class="${result}">${result}</span>`, text]),
      })
    : leftOut(
        check
          ? `the last check was of another image. Run "${command}" for files, packages, licences and vulnerabilities.`
          : `files, packages, licences and vulnerabilities were not checked. Run "${command}".`,
      )
}`;
}

function readCheck(folder: string): ImageCheck | undefined {
  const path = join(folder, 'check.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ImageCheck) : undefined;
}
