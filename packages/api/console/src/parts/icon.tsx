/** Small pictures, drawn with the colour of the text around them. A reader of the screen does not hear them. */

const PATHS = {
  train: 'M3 17l5-6 4 4 8-9M15 6h5v5',
  tune: 'M4 7h10M18 7h2M4 12h2M10 12h10M4 17h8M16 17h4M14 5v4M6 10v4M12 15v4',
  transform: 'M4 6h7v5H4zM13 13h7v5h-7zM15 6h2a3 3 0 013 3M9 18H7a3 3 0 01-3-3',
  algorithm: 'M9 4L4 12l5 8M15 4l5 8-5 8',
  package: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9',
  group: 'M4 8h16v12H4zM6 8V5h12v3M9 13h6',
  model: 'M12 4a8 8 0 100 16 8 8 0 000-16zM12 4v16M4 12h16',
  endpoint: 'M5 12h14M13 6l6 6-6 6M5 5v14',
  config: 'M5 5h14v6H5zM5 13h14v6H5zM8 8h.01M8 16h.01',
  search: 'M11 5a6 6 0 100 12 6 6 0 000-12zM16 16l4 4',
  stop: 'M7 7h10v10H7z',
  again: 'M4 12a8 8 0 0114-5l2 2M20 4v5h-5M20 12a8 8 0 01-14 5l-2-2M4 20v-5h5',
  bin: 'M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12',
  compare: 'M7 4v16M17 4v16M4 8h6M14 16h6',
  plus: 'M12 5v14M5 12h14',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  close: 'M6 6l12 12M18 6L6 18',
  keyboard: 'M3 7h18v10H3zM7 11h.01M11 11h.01M15 11h.01M8 14h8',
  play: 'M8 5l11 7-11 7z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
