/** One name, one meaning: no two files of a package declare and export the same name. */
import type { SourceModule } from "./modules.ts";

/**
 * A module that its package exports as a namespace has values of its own: `blur.sample` is not `cutMix.sample`. Types have one name for the
 * whole package.
 * @returns each problem as a line, or several
 */
export function nameProblems(modules: readonly SourceModule[]): string[] {
  const namespaces = new Map(
    modules.flatMap(({ namespaces }) => namespaces.map(({ file, name }) => [file, name] as const)),
  );
  const places = new Map<string, Set<string>>();
  for (const { file, exports } of modules) {
    const owner = file.split("/").slice(0, 2).join("/");
    const namespace = namespaces.has(file) ? `${namespaces.get(file)}.` : "";
    for (const { name, line, isType } of exports) {
      const prefix = isType ? "" : namespace;
      const known = places.get(`${owner} ${prefix}${name}`) ?? new Set();
      places.set(`${owner} ${prefix}${name}`, known.add(`${file}:${line}`));
    }
  }
  return [...places].flatMap(([key, found]) => {
    const [owner, name] = key.split(" ");
    const files = new Set([...found].map((place) => place.split(":")[0]));
    return files.size < 2
      ? []
      : [`two exports of one name in ${owner}: ${name}\n    ${[...found].join("\n    ")}`];
  });
}
