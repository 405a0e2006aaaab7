/** Times, durations and numbers as the page writes them. */

/** `< 1 s`, `12 s`, `3 min 4 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return '< 1 s';
  const whole = Math.round(seconds);
  const units = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  const shown = units.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** A time that something took, to three digits: `0.25 ms`, `12.3 ms`, `1.5 s`. */
export function formatSeconds(seconds: number): string {
  const [value, unit] = Math.abs(seconds) < 1 ? [seconds * 1000, 'ms'] : [seconds, 's'];
  return `${formatNumber(Number(value.toPrecision(3)))} ${unit}`;
}

/** `just now`, `5 min ago`, and a date for what is older than a week. Both in seconds since 1970. */
export function formatAge(time: number, now: number): string {
  const seconds = now - time;
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 604_800) return `${Math.floor(seconds / 86_400)} d ago`;
  return formatTime(time).slice(0, 10);
}

/** `2026-01-31 14:05:09` in the reader's time zone. */
export function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Up to six significant digits. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value !== 0 && (Math.abs(value) >= 1e9 || Math.abs(value) < 1e-4)) return value.toExponential(3);
  return String(Number(value.toPrecision(6)));
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power - 1]}`;
}

/** The end of an ARN or image name, which is what differs: `linear-regression:1.0.0`. */
export function shortName(name: string): string {
  return name.startsWith('arn:') ? name.slice(name.indexOf('/') + 1) : name.slice(name.lastIndexOf('/') + 1);
}
