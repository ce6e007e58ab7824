/** FER2013's public test images with FER2013's labels, and with FER+'s where its raters agree. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import sharp from "sharp";
import { type Expression, parseExpressionWord } from "../../packages/duchenne/src/lib/expressions.ts";

/** A test image. */
export interface TestFace {
  /** [48 · 48] */
  readonly grey: Uint8Array;
  readonly fer2013: Expression;
  /** The majority's word; undefined if there is none, or it is no expression. */
  readonly ferplus: Expression | undefined;
}

/** Which labels. */
export type LabelKind = "fer2013" | "ferplus";

/**
 * Reads the test images.
 * @param data folder with test/<class>/*.jpg, or the archive of one   @param votes CSV: path, then the votes of ten raters
 * @param folder where an archive is unpacked   @param most images; every n-th is taken
 * @throws Error if there are none
 */
export async function readFaces(
  data: string,
  votes: string,
  folder: string,
  most: number,
): Promise<TestFace[]> {
  const root = statSync(data).isDirectory() ? data : unpack(data, folder);
  const test = [join(root, "test"), join(root, "fer2013", "test")].find((path) => existsSync(path));
  if (test === undefined)
    throw new Error(`${data}: expected test/<class>/*.jpg, received a folder without test/`);
  const majorities = readMajorities(votes);
  const files = readdirSync(test).flatMap((name) => {
    const fer2013 = parseExpressionWord(name);
    if (fer2013 === undefined) return [];
    return readdirSync(join(test, name)).map((file) => ({
      path: `test/${name}/${file}`,
      file: join(test, name, file),
      fer2013,
    }));
  });
  const every = Math.max(1, Math.ceil(files.length / most));
  const faces: TestFace[] = [];
  for (const { path, file, fer2013 } of files.filter((_, i) => i % every === 0)) {
    const grey = new Uint8Array(await sharp(file).greyscale().raw().toBuffer());
    faces.push({ grey, fer2013, ferplus: majorities.get(path) });
  }
  return faces;
}

function unpack(archive: string, folder: string): string {
  const { status, stderr } = spawnSync("tar", ["-xf", archive, "-C", folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${archive}: expected an archive that tar unpacks, received: ${stderr}`);
  return folder;
}

/** FER+'s own rule: single votes do not count, and a majority is more than half of the others. @see Barsoum et al. 2016 */
function readMajorities(file: string): Map<string, Expression | undefined> {
  const rows = parse(readFileSync(file), { columns: true }) as Record<string, string>[];
  return new Map(
    rows.map(({ path, ...votes }) => {
      const counted = Object.entries(votes).map(
        ([word, count]) => [word, Number(count) > 1 ? Number(count) : 0] as const,
      );
      const total = counted.reduce((sum, [, count]) => sum + count, 0);
      const winner = counted.find(([, count]) => count > total / 2);
      return [path!, winner && parseExpressionWord(winner[0])] as const;
    }),
  );
}
