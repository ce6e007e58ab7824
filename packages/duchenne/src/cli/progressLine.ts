import { styleText } from "node:util";
import { printableLine } from "../lib/printable.ts";
import { fitLine } from "../lib/progressText.ts";
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
const ERASE_LINE = "\r\x1b[2K";
const LINE_UP = "\x1b[1A";

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
  #lastMs = Number.NEGATIVE_INFINITY;
  /** Lines on the terminal. */
  #shown = 0;

  constructor(stream: ProgressStream = process.stderr, clock: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#clock = clock;
    this.#coloured = stream.isTTY && wantsColour(process.env) ? colourBar : (line) => line;
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
    const { columns = 80, rows = 24 } = this.#stream;
    const shown = lines.slice(0, rows - 1).map((line) => fitLine(line, columns - 1));
    this.#stream.write(this.#erase() + shown.map(this.#coloured).join("\n"));
    this.#shown = shown.length;
  }

  /** A line that stays, above the progress; settings between backticks become flags. */
  note(text: string): void {
    this.clear();
    this.#stream.write(`${printableLine(withFlags(text))}\n`);
  }

  clear(): void {
    if (this.#shown > 0) this.#stream.write(this.#erase());
    this.#shown = 0;
  }

  #erase(): string {
    return ERASE_LINE + `${LINE_UP}${ERASE_LINE}`.repeat(Math.max(0, this.#shown - 1));
  }
}
