/** Characters that a terminal takes for commands: C0 but tab and line feed, delete, C1, and marks that turn the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** Text for a terminal: names of files and people may hold control characters, which are escaped as in a JSON string. */
export const printable = (text: string): string => text.replace(CONTROL, escaped);

/** As `printable`, for what must stay one line: line feeds and tabs of names are escaped as well. */
export const printableLine = (text: string): string => printable(text).replace(/[\t\n]/g, escaped);

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
