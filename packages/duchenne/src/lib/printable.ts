/** Characters that a terminal takes for commands: C0 but tab and line feed, delete, C1, and marks that turn the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** Text for a terminal: names of files and people may hold control characters, which are escaped as in a JSON string. */
export const printable = (text: string): string => text.replace(CONTROL, escaped);

/** As `printable`, for what must stay one line: line feeds and tabs of names are escaped as well. */
export const printableLine = (text: string): string => printable(text).replace(/[\t\n]/g, escaped);

/**
 * The message of an error for a terminal. Line feeds of names are escaped; a message may have line feeds of its own, for example
 * before a list of what is known.
 */
export function printableMessage(message: string, error: Error): string {
  const { subject, file, received, path } = error as Error & Readonly<Record<string, unknown>>;
  let text = message;
  for (const named of [subject, file, received, path])
    if (typeof named === "string" && /[\t\n]/.test(named))
      text = text.replaceAll(named, printableLine(named));
  return printable(text);
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
