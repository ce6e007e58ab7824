/** TypeScript blocks of the documents, as programs that can be type-checked and run. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../../../..", import.meta.url));

/** A block, and what the comment above its fence says of it: `<!-- ts: continues; steps: 1500 => steps: 2 -->`. */
export interface Block {
  /** The document's path from the repository's root. */
  readonly file: string;
  /** Of the opening fence, 1-based. */
  readonly line: number;
  /** The program, each line at the line that it has in the document: earlier blocks, too, if this one continues them. */
  readonly text: string;
  /** Whether it needs a browser. */
  readonly isBrowser: boolean;
  /** Changes that make a run short. */
  readonly replacements: readonly (readonly [string, string])[];
  /** Paths of the working folder that must not exist when the block starts. */
  readonly without: readonly string[];
}

const MARK = /^<!-- ts: (.*) -->$/;
const KNOWN = "`continues`, `browser`, `without <path>` or `<text> => <text>`, separated by semicolons";

/** @returns README.md, those of the packages, and docs/, from the repository's root */
export function documents(): string[] {
  const packages = readdirSync(join(REPOSITORY, "packages")).map((name) => `packages/${name}/README.md`);
  const guides = readdirSync(join(REPOSITORY, "docs")).map((name) => `docs/${name}`);
  const all = ["README.md", ...packages, ...guides.filter((name) => name.endsWith(".md"))];
  return all.filter((file) => !file.includes("/duchenne/"));
}

/** @throws Error naming file and line of a mark that is not known, or of a fence that is not closed */
export function readBlocks(file: string, text = readFileSync(join(REPOSITORY, file), "utf8")): Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (!/^```(ts|typescript)\b/.test(lines[i]!)) continue;
    const end = lines.indexOf("```", i);
    if (end === -1)
      throw new Error(`${file}:${i + 1}: expected a closing \`\`\`, received the document's end`);
    const marks = MARK.exec(lines[i - 1] ?? "")?.[1]?.split("; ") ?? [];
    const before = marks.includes("continues") ? blocks.at(-1) : undefined;
    const code = lines.slice(i + 1, end);
    const program = [...(before?.text.split("\n") ?? [])];
    while (program.length <= i) program.push("");
    blocks.push({
      file,
      line: i + 1,
      text: [...program, ...code].join("\n"),
      ...readMarks(`${file}:${i}`, marks, before),
    });
    i = end;
  }
  return blocks;
}

function readMarks(place: string, marks: readonly string[], before: Block | undefined) {
  const replacements = [...(before?.replacements ?? [])];
  const without = [...(before?.without ?? [])];
  for (const mark of marks) {
    const [from, to] = mark.split(" => ");
    if (to !== undefined) replacements.push([from!, to]);
    else if (mark.startsWith("without ")) without.push(mark.slice("without ".length));
    else if (mark !== "browser" && mark !== "continues")
      throw new Error(`${place}: expected ${KNOWN}, received \`${mark}\``);
    else if (mark === "continues" && !before)
      throw new Error(`${place}: expected a block to continue, received the document's first`);
  }
  return { replacements, without, isBrowser: marks.includes("browser") || before?.isBrowser === true };
}

/** The program as the tests run it. @throws Error naming file and line of a replacement for text that is not there */
export function shortened({ file, line, text, replacements }: Block): string {
  return replacements.reduce((program, [from, to]) => {
    if (!program.includes(from))
      throw new Error(`${file}:${line}: expected \`${from}\` in the block, to run it with \`${to}\``);
    return program.replaceAll(from, () => to);
  }, text);
}
