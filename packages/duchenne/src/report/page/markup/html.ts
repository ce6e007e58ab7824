/** Markup that is safe to send: made by `html` from escaped parts, or declared so by `trusted`. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it may stand in an element or a quoted attribute. */
export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);

/** A template whose parts are escaped, unless they are Html themselves; lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, i) => text + render(parts[i - 1]!) + string));
}

/** Markup made by a serialiser that escapes by itself, or by ourselves. */
export const trusted = (text: string): Html => new Html(text);

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return (part as readonly Part[]).map(render).join("");
  return escapeText(String(part));
}
