/** Light, dark, or as the system has it; kept in this browser. */

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'theme';

export function readTheme(): Theme {
  const kept = window.localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

export function applyTheme(theme: Theme): void {
  window.localStorage.setItem(KEY, theme);
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  window.dispatchEvent(new Event('themechange'));
}

/** Calls back when colours have changed. @returns ends it */
export function onThemeChange(listener: () => void): () => void {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  window.addEventListener('themechange', listener);
  system.addEventListener('change', listener);
  return () => {
    window.removeEventListener('themechange', listener);
    system.removeEventListener('change', listener);
  };
}

/** A colour of the styles, such as `--series-1`, as the theme has it: the property itself holds that of each theme. */
export function colourOf(property: string): string {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = `var(${property})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
