/** Who imports whom, and with which lines. */
export type Graph = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** @returns nodes and edges; `edges` are [from, to, where the import is] */
export function graphOf(edges: Iterable<readonly [string, string, string]>): Graph {
  const graph = new Map<string, Map<string, string>>();
  for (const [from, to, place] of edges) {
    const known = graph.get(from) ?? new Map<string, string>();
    graph.set(from, known);
    if (from !== to && !known.has(to)) known.set(to, place);
  }
  return graph;
}

/**
 * Circles, one for each import that closes one: what it imports leads back to it.
 * @returns each as the nodes on its shortest way round
 */
export function findCircles(graph: Graph): string[][] {
  const circles = new Map<string, string[]>();
  for (const [from, imported] of graph)
    for (const to of imported.keys()) {
      const back = shortestPath(graph, to, from);
      const nodes = back?.toSorted().join();
      if (back && !circles.has(nodes!)) circles.set(nodes!, [from, ...back.slice(0, -1)]);
    }
  return [...circles.values()];
}

function shortestPath(graph: Graph, from: string, to: string): string[] | undefined {
  const paths = new Map([[from, [from]]]);
  for (const [node, path] of paths) {
    if (node === to) return path;
    for (const next of graph.get(node)?.keys() ?? []) if (!paths.has(next)) paths.set(next, [...path, next]);
  }
  return undefined;
}
