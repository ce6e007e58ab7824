import { useEffect, useState } from "preact/hooks";

export type Theme = "light" | "dark";

const KEY = "duchenne-theme";
const isDark = matchMedia("(prefers-color-scheme: dark)");
const EVENT = "themechange";

/** What the reader chose, or else what the system says. */
export function currentTheme(): Theme {
  const chosen = localStorage.getItem(KEY);
  if (chosen === "light" || chosen === "dark") return chosen;
  return isDark.matches ? "dark" : "light";
}

/** Puts the theme on the page, and follows the system where the reader chose none. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = currentTheme();
  isDark.addEventListener("change", show);
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  show();
}

function show(): void {
  document.documentElement.dataset.theme = currentTheme();
  dispatchEvent(new Event(EVENT));
}

/** The theme, for what is drawn rather than styled. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState(currentTheme);
  useEffect(() => {
    const listen = () => setTheme(currentTheme());
    addEventListener(EVENT, listen);
    return () => removeEventListener(EVENT, listen);
  }, []);
  return theme;
}

/** A colour of the style sheet as canvases take it. @param token without its dashes, as in "series-1" */
export const colourOf = (token: string): string => resolveColour(`var(--${token})`);

/** By theme and text: to ask the style sheet costs a layout of the page, and the mirror draws thirty times a second. */
const resolved = new Map<string, string>();

/** A colour with variables in it as canvases take it. */
export function resolveColour(css: string): string {
  const key = `${document.documentElement.dataset.theme} ${css}`;
  const known = resolved.get(key) ?? askStyleSheet(css);
  resolved.set(key, known);
  return known;
}

function askStyleSheet(css: string): string {
  const probe = document.createElement("i");
  probe.style.color = css;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
