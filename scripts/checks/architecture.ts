/** The house: no import runs upwards, and there is no circle between folders or files. */
import { dirname } from "node:path/posix";
import { findCircles, type Graph, graphOf } from "./circles.ts";
import { packageEntries, type SourceModule } from "./modules.ts";
import { ENTRY_NAME, HOUSES, type House, ONE_BODY } from "./rules.ts";

/** @returns each problem as a line, or several */
export function architectureProblems(modules: readonly SourceModule[]): string[] {
  const imports = modules.flatMap(({ file, imports }) =>
    imports.map(({ name, line, isType }) => ({ from: file, to: name, place: `${file}:${line}`, isType })),
  );
  const graph = (of: readonly Import[], node: (file: string) => string) =>
    graphOf(of.map(({ from, to, place }) => [node(from), node(to), `${place} imports ${to}`] as const));
  // Types that refer to each other are no circle when the program runs; between folders they are a circle for the reader.
  const upwards = new Map(imports.map((edge) => [edge, HOUSES.flatMap((house) => upward(house, edge))]));
  // One import upwards closes dozens of circles: it is the problem to mend first.
  const downwards = imports.filter((edge) => upwards.get(edge)!.length === 0);
  const running = downwards.filter(({ isType }) => !isType);
  const betweenFolders = downwards.filter(({ from, to }) => !isEntryTo(from, to));
  return [
    ...imports.flatMap((edge) => [...upwards.get(edge)!, ...pastEntry(edge)]),
    ...circles("files", graph(running, oneBody)),
    ...circles("folders", graph(betweenFolders, dirname)),
  ];
}

/** An entry stands above its folder, whose subfolders it presents. */
const isEntryTo = (from: string, to: string): boolean =>
  ENTRY_NAME.test(from) && to.startsWith(`${dirname(from)}/`);

const oneBody = (file: string): string => (ONE_BODY.test(file) ? dirname(file) : file);

interface Import {
  readonly from: string;
  readonly to: string;
  /** File and line. */
  readonly place: string;
  readonly isType: boolean;
}

function upward({ folder, floors }: House, { from, to, place }: Import): string[] {
  const [importer, imported] = [from, to].map((file) => childOf(folder, file));
  if (importer === undefined || importer === imported || !to.startsWith(`${folder}/`)) return [];
  if (imported === undefined)
    return [`${place}: upward import: ${importer} imports ${to}, which is above it`];
  const [here, there] = [importer, imported].map((name) => floors.findIndex((floor) => floor.includes(name)));
  const stray = here === -1 ? importer : there === -1 ? imported : undefined;
  if (stray !== undefined) return [`${place}: ${folder}/${stray} has no place in scripts/checks/rules.ts`];
  if (here! < there!) return [];
  return [`${place}: upward import: ${importer} imports ${to}, and ${imported} is not below ${importer}`];
}

/** The folder just below `folder` that a file is in, if it is in one. */
function childOf(folder: string, file: string): string | undefined {
  const [child, ...rest] = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1).split("/") : [];
  return rest.length > 0 ? child : undefined;
}

const PUBLIC_ENTRIES = new Set(packageEntries().values());

function pastEntry({ from, to, place }: Import): string[] {
  const isPast = from.startsWith("apps/") && to.startsWith("packages/") && !PUBLIC_ENTRIES.has(to);
  return isPast ? [`${place}: the app imports ${to}, which is no public entry of its package`] : [];
}

function circles(what: string, graph: Graph): string[] {
  return findCircles(graph).map((circle) => {
    const steps = circle.map((node, i) => {
      const next = circle[(i + 1) % circle.length]!;
      return `    ${graph.get(node)!.get(next)}`;
    });
    return [`circle between ${what}: ${[...circle, circle[0]].join(" → ")}`, ...steps].join("\n");
  });
}
