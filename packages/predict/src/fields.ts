import { ModelError } from "./errors.ts";

/** What came, in few words. */
const describe = (value: unknown): string => {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

/** Fields of a JSON object, each checked as it is read, so that an error names file and field. */
export class Fields {
  readonly #place: string;
  readonly #object: Readonly<Record<string, unknown>>;

  /** @throws ModelError if `value` is no object */
  constructor(place: string, value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new ModelError(place, "a JSON object", describe(value));
    this.#place = place;
    this.#object = value as Readonly<Record<string, unknown>>;
  }

  /** @throws ModelError naming the field and what was expected */
  fail(name: string, expected: string): never {
    throw new ModelError(`${this.#place}: ${name}`, expected, describe(this.#object[name]));
  }

  keys(): string[] {
    return Object.keys(this.#object);
  }

  /** One value and no other. */
  literal<T extends string | number | boolean>(name: string, value: T): T {
    return this.#object[name] === value ? value : this.fail(name, JSON.stringify(value));
  }

  text(name: string): string {
    const value = this.#object[name];
    return typeof value === "string" && value !== "" ? value : this.fail(name, "a text");
  }

  flag(name: string): boolean {
    const value = this.#object[name];
    return typeof value === "boolean" ? value : this.fail(name, "true or false");
  }

  number(name: string, low: number, high: number): number {
    const value = this.#object[name];
    if (typeof value === "number" && value >= low && value <= high) return value;
    return this.fail(name, `a number from ${low} to ${high}`);
  }

  whole(name: string, low: number, high: number): number {
    const value = this.number(name, low, high);
    return Number.isInteger(value) ? value : this.fail(name, "a whole number");
  }

  numbers(name: string, count: number): number[] {
    const value: unknown = this.#object[name];
    const isRight =
      Array.isArray(value) && value.length === count && value.every((one) => Number.isFinite(one));
    return isRight ? (value as number[]) : this.fail(name, `${count} numbers`);
  }

  texts(name: string): string[] {
    const value: unknown = this.#object[name];
    const isRight = Array.isArray(value) && value.every((one) => typeof one === "string");
    return isRight ? (value as string[]) : this.fail(name, "a list of texts");
  }

  object(name: string): Fields {
    return new Fields(`${this.#place}: ${name}`, this.#object[name]);
  }

  /** Side of a square, as the ecosystem writes it: `{ "height": 64, "width": 64 }`. */
  side(name: string): number {
    const size = this.object(name);
    return size.literal("width", size.whole("height", 1, 4096));
  }
}
