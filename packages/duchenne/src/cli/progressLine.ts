/** Where the line goes; a terminal, or a log. */
export type ProgressStream = { isTTY?: boolean; columns?: number; write: (text: string) => unknown };

const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5000;
const ERASE_LINE = "\r\x1b[2K";

/** A line on stderr: rewritten in place on a terminal, a new line every few seconds elsewhere. */
export class ProgressLine {
  readonly #stream: ProgressStream;
  readonly #clock: () => number;
  #lastMs = Number.NEGATIVE_INFINITY;
  #shown = false;

  constructor(stream: ProgressStream = process.stderr, clock: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#clock = clock;
  }

  update(text: string): void {
    const interval = this.#stream.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
    if (this.#clock() - this.#lastMs < interval) return;
    this.#lastMs = this.#clock();
    if (!this.#stream.isTTY) this.#stream.write(`${text}\n`);
    else this.#stream.write(`${ERASE_LINE}${text.slice(0, (this.#stream.columns ?? 80) - 1)}`);
    this.#shown = true;
  }

  /** A line that stays, above the progress. */
  note(text: string): void {
    this.clear();
    this.#stream.write(`${text}\n`);
  }

  clear(): void {
    if (this.#stream.isTTY && this.#shown) this.#stream.write(ERASE_LINE);
    this.#shown = false;
  }
}

/** Seconds as "1 h 02 min", "3 min 20 s" or "8 s". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  return minutes > 0 ? `${minutes} min ${two(whole % 60)} s` : `${whole} s`;
}
