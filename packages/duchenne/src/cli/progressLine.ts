import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";
import { printableLine } from "../lib/printable.ts";
import { PROGRESS_GAP } from "../lib/progressText.ts";
import { withFlags } from "./flagText.ts";
import { TerminalRows, type TextStream } from "./terminalRows.ts";

/** Where the line goes; a terminal, or a log. */
export type ProgressStream = TextStream & {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
};

const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5000;

/** Whether colour is welcome. @see https://no-color.org */
const wantsColour = ({ NO_COLOR, TERM }: NodeJS.ProcessEnv): boolean => !NO_COLOR && TERM !== "dumb";

/** The part of a bar that is done in cyan, the rest in grey: the words keep the terminal's own colour. */
const colourBar = (line: string): string =>
  line.replace(/█+/, (cells) => styleText("cyan", cells)).replace(/░+/, (cells) => styleText("gray", cells));

/** A line on stderr, or a few: rewritten in place on a terminal, new ones every few seconds elsewhere. */
export class ProgressLine {
  readonly #stream: ProgressStream;
  readonly #clock: () => number;
  readonly #coloured: (line: string) => string;
  readonly #rows: TerminalRows;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(stream: ProgressStream = process.stderr, clock: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#clock = clock;
    this.#coloured = stream.isTTY && wantsColour(process.env) ? colourBar : (line) => line;
    this.#rows = new TerminalRows(stream);
  }

  update(...given: readonly string[]): void {
    const interval = this.#stream.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
    if (this.#clock() - this.#lastMs < interval) return;
    this.#lastMs = this.#clock();
    const lines = given.map(printableLine);
    if (!this.#stream.isTTY) {
      this.#stream.write(lines.map((line) => `${line}\n`).join(""));
      return;
    }
    const room = lines.slice(0, this.#stream.rows || 24);
    this.#rows.draw(room.map((line) => this.#coloured(fitLine(line, this.#columns - 1))));
  }

  /** A line that stays, above the progress; settings between backticks become flags. */
  note(text: string): void {
    this.clear();
    const line = printableLine(withFlags(text));
    this.#stream.write(`${this.#stream.isTTY ? wrapWords(line, this.#columns) : line}\n`);
  }

  clear(): void {
    this.#rows.clear();
    // Back at once beneath what is written now; a log keeps its pace.
    if (this.#stream.isTTY) this.#lastMs = Number.NEGATIVE_INFINITY;
  }

  /** A pseudo-terminal whose size nobody has set says 0. */
  get #columns(): number {
    return this.#stream.columns || 80;
  }
}

/** Line feeds in place of spaces. Names stay as they are: where more would change, as letters with marks would, the terminal breaks the line. */
function wrapWords(line: string, columns: number): string {
  const wrapped = wrapAnsi(line, columns);
  return wrapped.replaceAll("\n", " ") === line ? wrapped : line;
}

const NO_BREAK = "\u00a0";
const LEAST_BAR_CELLS = 4;

/**
 * A line as a terminal has room for it: the bar, then the rate make room for the time left; whole parts, or of a single part whole words.
 * @param width columns; a character of East Asia takes two
 */
export function fitLine(text: string, width: number): string {
  const line = withoutRate(shortenBar(text, width), width);
  const [first = ""] = line.split(PROGRESS_GAP, 1);
  const words = firstRow(line, width, { hard: true });
  if (words.length < first.length) return words;
  return firstRow(line.replace(/(?<! ) (?! )/g, NO_BREAK), width).replaceAll(NO_BREAK, " ");
}

const firstRow = (...text: Parameters<typeof wrapAnsi>): string => wrapAnsi(...text).split("\n", 1)[0] ?? "";

/** How far a line reaches with its time left; 0 without. */
const lengthUpToTimeLeft = (line: string): number => /^.*?\d (?:s|min) left/.exec(line)?.[0].length ?? 0;

function withoutRate(line: string, width: number): string {
  return lengthUpToTimeLeft(line) > width ? line.replace(/ {2}\d\S* \S+\/s(?= {2}\d.*? left)/, "") : line;
}

function shortenBar(line: string, width: number): string {
  const excess = Math.max(0, lengthUpToTimeLeft(line) - width);
  return line.replace(/(?=[█░])(█*)(░*) +/, (bar, done: string, open: string) => {
    const cells = done.length + open.length;
    if (excess === 0) return bar;
    if (cells - excess < LEAST_BAR_CELLS) return "";
    const filled = Math.floor((done.length * (cells - excess)) / cells);
    return "█".repeat(filled) + "░".repeat(cells - excess - filled) + bar.slice(cells);
  });
}
