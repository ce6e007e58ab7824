import { styleText } from "node:util";
import { createLogUpdate } from "log-update";
import wrapAnsi from "wrap-ansi";
import { printableLine } from "../lib/printable.ts";
import { PROGRESS_GAP } from "../lib/progressText.ts";
import { withFlags } from "./flagText.ts";

/** Where the line goes; a terminal, or a log. */
export type ProgressStream = {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  write: (text: string) => unknown;
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
  /** The cursor stays: a killed command then leaves the terminal as it was. */
  readonly #rewrite: ReturnType<typeof createLogUpdate>;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(stream: ProgressStream = process.stderr, clock: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#clock = clock;
    this.#coloured = stream.isTTY && wantsColour(process.env) ? colourBar : (line) => line;
    this.#rewrite = createLogUpdate(stream as NodeJS.WritableStream, { showCursor: true });
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
    this.#rewrite(lines.map((line) => this.#coloured(fitLine(line, this.#columns - 1))).join("\n"));
  }

  /** A line that stays, above the progress; settings between backticks become flags. */
  note(text: string): void {
    this.clear();
    const line = printableLine(withFlags(text));
    this.#stream.write(`${this.#stream.isTTY ? wrapAnsi(line, this.#columns) : line}\n`);
  }

  clear(): void {
    this.#rewrite.clear();
  }

  get #columns(): number {
    return this.#stream.columns ?? 80;
  }
}

const NO_BREAK = "\u00a0";
const LEAST_BAR_CELLS = 4;

/**
 * A line as a terminal has room for it: a bar that leaves room for the time left, and whole parts, or of a single part whole words.
 * @param width columns; a character of East Asia takes two
 */
export function fitLine(text: string, width: number): string {
  const line = shortenBar(text, width);
  const [first = ""] = line.split(PROGRESS_GAP, 1);
  const words = firstRow(line, width, { hard: true });
  if (words.length < first.length) return words;
  return firstRow(line.replace(/(?<! ) (?! )/g, NO_BREAK), width).replaceAll(NO_BREAK, " ");
}

const firstRow = (...text: Parameters<typeof wrapAnsi>): string => wrapAnsi(...text).split("\n", 1)[0] ?? "";

function shortenBar(line: string, width: number): string {
  const upToTimeLeft = /^.*?\d (?:s|min) left/.exec(line)?.[0].length ?? 0;
  const excess = Math.max(0, upToTimeLeft - width);
  return line.replace(/(?=[█░])(█*)(░*) +/, (bar, done: string, open: string) => {
    const cells = done.length + open.length;
    if (excess === 0) return bar;
    if (cells - excess < LEAST_BAR_CELLS) return "";
    const filled = Math.floor((done.length * (cells - excess)) / cells);
    return "█".repeat(filled) + "░".repeat(cells - excess - filled) + bar.slice(cells);
  });
}
