/**
 * The kind of a file that should be Parquet and is not, by its first bytes and its name: files that are common next to
 * real data.
 */

/**
 * A sentence that begins with a space, or nothing where the bytes say nothing.
 * @param start the first 64 bytes, or fewer
 */
export function describeStart(start: Uint8Array, label: string): string {
  const text = Buffer.from(start).toString('latin1');
  const kind = KINDS.find(({ begins }) => (typeof begins === 'string' ? text.startsWith(begins) : begins.test(text)));
  if (kind) return ` This is ${kind.is}`;
  const name = NAMES.find(({ ends }) => ends.test(label));
  return name ? ` This is ${name.is}` : '';
}

// --- internal ---

const ELSEWHERE = 'Remove it from the channel.';

const KINDS: readonly { readonly begins: RegExp | string; readonly is: string }[] = [
  { begins: '\x1f\x8b', is: 'gzip: Parquet compresses its own columns, so upload it unpacked.' },
  { begins: 'PARE', is: 'Parquet with an encrypted footer, which is not supported. Write it without encryption.' },
  { begins: 'PK\x03\x04', is: 'a ZIP archive: upload the files in it.' },
  { begins: 'ORC', is: 'ORC, which is not supported. Write Parquet.' },
  { begins: /^(ARROW1|FEA1)/, is: 'an Arrow or Feather file, which is not supported. Write Parquet.' },
  { begins: 'Obj\x01', is: `Avro, such as the manifest of an Iceberg table: not the table's data. ${ELSEWHERE}` },
  { begins: 'crc\0', is: `a checksum file of Hadoop. ${ELSEWHERE}` },
  { begins: '\x28\xb5\x2f\xfd', is: 'Zstandard: Parquet compresses its own columns, so upload it unpacked.' },
  { begins: 'BZh', is: 'bzip2: Parquet compresses its own columns, so upload it unpacked.' },
  {
    begins: /^\s*\{\s*"(commitInfo|protocol|metaData|add|remove|txn|cdc|checkpointMetadata)"/,
    is: `an entry of a Delta table's log: not the table's data. ${ELSEWHERE}`,
  },
  {
    begins: /^\s*\{\s*"(format-version|table-uuid)"/,
    is: `metadata of an Iceberg table: not the table's data. ${ELSEWHERE}`,
  },
  {
    begins: /^\s*[[{]/,
    is: 'JSON, as metadata of tables often is: not Parquet. Remove it, or set the right content type.',
  },
  { begins: /^\s*</, is: 'XML or HTML, such as the error page of a failed download. Upload the data itself.' },
  { begins: 'version https://git-lfs', is: 'a pointer of Git LFS, not the data: fetch the file and upload that.' },
  { begins: /^[\x20-\x7e\t]*[,;\t][\x20-\x7e\t]*(\r|\n|$)/, is: 'text, perhaps CSV: give its content type, text/csv.' },
];

const NAMES: readonly { readonly ends: RegExp; readonly is: string }[] = [
  { ends: /\.crc$/, is: `a checksum file. ${ELSEWHERE}` },
  { ends: /\.(metadata\.json|avro)$/, is: `metadata of a table, not its data. ${ELSEWHERE}` },
];
