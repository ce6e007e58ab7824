import { readdirSync } from "node:fs";
import { isAbsolute, join, parse, sep } from "node:path";
import { exists } from "./walk.ts";

/**
 * Finds files that a table names. macOS writes names in decomposed Unicode, Windows separates folders by backslashes, so
 * the same name may stand in the table and on the disk in two forms.
 */
export class FileFinder {
  /** Names in a folder by their composed form (NFC). */
  readonly #listings = new Map<string, ReadonlyMap<string, string>>();

  /**
   * The path of `name`, as the disk has it; the path by the letters of `name` if there is no such file.
   * @param base folder of relative names
   */
  find(base: string, name: string): string {
    const literal = isAbsolute(name) ? name : join(base, name);
    if (exists(literal)) return literal;
    const portable = name.replaceAll("\\", "/");
    const path = isAbsolute(portable) ? portable : join(base, portable);
    return exists(path) ? path : (this.#findForm(path) ?? literal);
  }

  /** The existing path that equals `path` in composed form. */
  #findForm(path: string): string | undefined {
    const { root } = parse(path);
    let found = root;
    for (const part of path.slice(root.length).split(sep)) {
      const here = join(found, part);
      const name = exists(here) ? part : this.#namesIn(found).get(part.normalize("NFC"));
      if (name === undefined) return undefined;
      found = join(found, name);
    }
    return found;
  }

  #namesIn(folder: string): ReadonlyMap<string, string> {
    const known = this.#listings.get(folder);
    if (known) return known;
    const names = new Map(listNames(folder).map((name) => [name.normalize("NFC"), name] as const));
    this.#listings.set(folder, names);
    return names;
  }
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
