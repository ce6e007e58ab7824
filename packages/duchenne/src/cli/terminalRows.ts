/** Rows at the foot of a terminal that are drawn again in place, and what others write to the same terminal. */
import { clearScreenDown, cursorTo, moveCursor } from "node:readline";

/** Takes text. */
export interface TextStream {
  write: (text: string) => unknown;
}

/**
 * Rows that are rewritten in place. The cursor waits at the end of the first: what another part of the program, a library or another
 * process writes stands behind that row, moves the cursor on, and stays, as the next drawing begins where the cursor is.
 */
export class TerminalRows {
  readonly #stream: TextStream;
  #isShown = false;

  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  /** @param rows each narrower than the terminal, and no more of them than it is high */
  draw([first = "", ...others]: readonly string[]): void {
    this.#isShown = true;
    writeAtOnce(this.#stream, (sink) => {
      eraseFromCursor(sink);
      for (const row of others) sink.write(`\n${row}`);
      moveCursor(sink, 0, -others.length);
      cursorTo(sink, 0);
      sink.write(first);
    });
  }

  clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    writeAtOnce(this.#stream, eraseFromCursor);
  }
}

/** Writes whole lines in the place of rows that another process, a child, may be showing on the same terminal. */
export function writeOverRows(stream: TextStream & { isTTY?: boolean }, lines: string): void {
  writeAtOnce(stream, (sink) => {
    if (stream.isTTY) eraseFromCursor(sink);
    sink.write(lines);
  });
}

/** The row of the cursor, and all beneath it. */
function eraseFromCursor(sink: NodeJS.WritableStream): void {
  cursorTo(sink, 0);
  clearScreenDown(sink);
}

/** In one piece: nothing flickers, and no other process writes in between. */
function writeAtOnce(stream: TextStream, compose: (sink: NodeJS.WritableStream) => void): void {
  const texts: string[] = [];
  compose({ write: (text: string) => texts.push(text) > 0 } as unknown as NodeJS.WritableStream);
  stream.write(texts.join(""));
}
