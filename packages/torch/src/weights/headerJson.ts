import { quote, WeightsError } from "./errors.ts";

/**
 * Reads JSON token by token, for headers whose grammar is known beforehand. Unlike JSON.parse it refuses a key given
 * twice, and builds nothing that the caller did not ask for, so nesting and size cannot exhaust memory.
 */
export class HeaderJson {
  readonly #file: string;
  readonly #text: string;
  /** Byte of the file where the text starts. */
  readonly #base: number;
  #next = 0;

  constructor(file: string, text: string, base: number) {
    this.#file = file;
    this.#text = text;
    this.#base = base;
  }

  /** An object: `onKey` must read the value of each key. */
  object(onKey: (key: string) => void): void {
    const seen = new Set<string>();
    this.#sequence("{", "}", () => {
      const key = this.string();
      if (seen.has(key)) throw this.error(`duplicate key ${quote(key)}`);
      seen.add(key);
      this.#expect(":");
      onKey(key);
    });
  }

  /** An array of at most `longest` non-negative safe integers. */
  integers(longest: number): number[] {
    const values: number[] = [];
    this.#sequence("[", "]", () => {
      if (values.length === longest) throw this.error("array is too long", `at most ${longest} numbers`);
      values.push(this.#integer());
    });
    return values;
  }

  string(): string {
    this.#skipSpace();
    const start = this.#next;
    if (this.#text[start] !== '"') throw this.#unexpected("a string");
    this.#next = this.#closingQuote(start + 1) + 1;
    const text = this.#decodeString(this.#text.slice(start, this.#next));
    if (/\p{Surrogate}/u.test(text)) throw this.error("string holds half a surrogate pair");
    return text;
  }

  /** Nothing but spaces may follow: the padding that aligns the tensors. */
  end(): void {
    const rest = this.#text.slice(this.#next);
    if (!/^ *$/.test(rest)) throw this.#unexpected("only spaces after the header's object");
  }

  error(reason: string, expected?: string, received?: string, remedy?: string): WeightsError {
    const offset = this.#byteOffset();
    return new WeightsError({ file: this.#file, offset, reason, expected, received, remedy });
  }

  #sequence(open: string, close: string, item: () => void): void {
    this.#expect(open);
    if (this.#accept(close)) return;
    do item();
    while (this.#accept(","));
    this.#expect(close);
  }

  #integer(): number {
    this.#skipSpace();
    const digits = /(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y;
    digits.lastIndex = this.#next;
    const value = Number(digits.exec(this.#text)?.[0] ?? Number.NaN);
    if (!Number.isSafeInteger(value)) throw this.#unexpected("a non-negative integer below 2^53");
    this.#next = digits.lastIndex;
    return value;
  }

  #closingQuote(from: number): number {
    for (let at = from; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x22) return at;
      if (code === 0x5c) at++;
    }
    throw this.error("string without end");
  }

  #decodeString(token: string): string {
    try {
      return String(JSON.parse(token));
    } catch {
      throw this.error(`invalid string ${quote(token)}`);
    }
  }

  #expect(character: string): void {
    if (!this.#accept(character)) throw this.#unexpected(`"${character}"`);
  }

  #accept(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#next] !== character) return false;
    this.#next++;
    return true;
  }

  #skipSpace(): void {
    while (" \n\r\t".includes(this.#text[this.#next] ?? "-")) this.#next++;
  }

  #unexpected(expected: string): WeightsError {
    const received = this.#text.slice(this.#next, this.#next + 20);
    return this.error("invalid header", expected, received === "" ? "the end" : quote(received));
  }

  /** Characters and bytes differ where names are not ASCII. */
  #byteOffset(): number {
    return this.#base + Buffer.byteLength(this.#text.slice(0, this.#next), "utf8");
  }
}
