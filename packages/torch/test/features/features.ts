// The text of FEATURES.md: PyTorch's public names, of golden/pytorch/names.json, and what each is here.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "@duchenne/torch";
import { internal, otherwise } from "./tables.ts";

type Names = Readonly<Record<string, readonly string[]>>;

const file = join(import.meta.dirname, "../golden/pytorch/names.json");
const { aten, ...namespaces } = JSON.parse(readFileSync(file, "utf8")) as Names & { aten: readonly string[] };

/** Where FEATURES.md is. */
export const featuresPath = join(import.meta.dirname, "../../FEATURES.md");

const methodsOf = (prototype: object) =>
  Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
const callable = (owner: object) =>
  Object.entries(owner).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));

/** A place of this package where names of PyTorch are looked for. */
interface Place {
  title: string;
  names: ReadonlySet<string>;
}

const place = (title: string, names: readonly string[]): Place => ({ title, names: new Set(names) });
const inPackage = place("In the package itself", callable(torch));
const inOps = place("In `ops`", callable(torch.ops));
const inNn = place("In `nn`", callable(torch.nn));
const inInit = place("In `nn.init`", callable(torch.nn.init));
const inOptim = place("In `optim`", callable(torch.optim));
const ofTensor = place("Methods and properties of `Tensor`", [
  ...methodsOf(torch.Tensor.prototype),
  ...methodsOf(torch.TensorOperations.prototype),
]);
const ofModule = place("Methods of `nn.Module`", methodsOf(torch.nn.Module.prototype));

/** The places a namespace of PyTorch is divided over, the first that has a name first. */
const places: Readonly<Record<string, readonly Place[]>> = {
  torch: [inPackage, inOps],
  "torch.Tensor": [ofTensor, { ...inOps, title: "In `ops`, the tensor first" }],
  "torch.nn": [inNn],
  "torch.nn.Module": [ofModule],
  "torch.nn.functional": [inOps],
  "torch.nn.init": [inInit],
  "torch.nn.utils": [],
  "torch.optim": [inOptim],
  "torch.optim.lr_scheduler": [],
};

const camelCase = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const isInternal = (name: string) => internal.has(name) || /_copy$|^quantized_|_torch_function/.test(name);

/** Names of one namespace by what became of them. */
interface Sorted {
  here: Map<string, string[]>;
  otherwise: [name: string, text: string][];
  dispatched: string[];
  missing: string[];
}

function sorted(namespace: string, names: readonly string[]): Sorted {
  const found: Sorted = { here: new Map(), otherwise: [], dispatched: [], missing: [] };
  const prefix = `${namespace}.`;
  const added = Object.keys(otherwise).flatMap((key) =>
    key.startsWith(prefix) && ownerOf(key) === namespace ? [key.slice(prefix.length)] : [],
  );
  for (const name of [...new Set([...names, ...added])].sort()) {
    const text = otherwise[prefix + name];
    const home = places[namespace]!.find((one) => one.names.has(camelCase(name)));
    if (text !== undefined) found.otherwise.push([name, text]);
    else if (isInternal(name)) continue;
    else if (home) found.here.set(home.title, [...(found.here.get(home.title) ?? []), name]);
    else if (aten.includes(name) && namespace !== "torch.nn.init") found.dispatched.push(name);
    else found.missing.push(name);
  }
  return found;
}

/** The namespace whose table shows a name: the longest that it begins with. */
function ownerOf(key: string): string | undefined {
  return Object.keys(namespaces)
    .filter((namespace) => key.startsWith(`${namespace}.`))
    .sort((a, b) => b.length - a.length)[0];
}

const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");

function section(namespace: string, names: readonly string[]): string[] {
  const { here, otherwise: others, dispatched, missing } = sorted(namespace, names);
  const lines = [`## ${namespace}`, ""];
  for (const [title, found] of here) lines.push(`**${title}:** ${list(found)}`, "");
  if (others.length > 0) {
    lines.push("| PyTorch | here |", "|---|---|");
    for (const [name, text] of others) lines.push(`| \`${name}\` | ${text.replaceAll("|", "\\|")} |`);
    lines.push("");
  }
  if (dispatched.length > 0) lines.push(`**By \`dispatch\`:** ${list(dispatched)}`, "");
  if (missing.length > 0) lines.push(`**Not there:** ${list(missing)}`, "");
  return lines;
}

/** Functions and classes of this package, as `ops.foreachAdd`, that no name of PyTorch leads to. */
export function namesOnlyHere(): string[] {
  const known = new Set(
    Object.entries(namespaces).flatMap(([namespace, names]) =>
      [...sorted(namespace, names).here.values()].flat().map(camelCase),
    ),
  );
  const mentioned = Object.values(otherwise)
    .flatMap((text) => text.match(/`[^`]+`/g) ?? [])
    .join(" ");
  const all = [
    ...[...inPackage.names],
    ...[...inOps.names].map((name) => `ops.${name}`),
    ...[...inNn.names].map((name) => `nn.${name}`),
    ...[...inInit.names].map((name) => `nn.init.${name}`),
    ...[...inOptim.names].map((name) => `optim.${name}`),
  ];
  const isNamed = (name: string) =>
    known.has(name.split(".").at(-1)!) || new RegExp(`\\b${name.replaceAll(".", "\\.")}\\b`).test(mentioned);
  return all.filter((name) => !isNamed(name) && !/Error$/.test(name)).sort();
}

const introduction = `# PyTorch's names, and what they are here

Every public function, class and method of PyTorch 1.13 is below, in one of four ways: under its own name in camelCase
(\`index_select\` is \`indexSelect\`, \`add_\` is \`add_\`), otherwise with what to write, by \`dispatch\`, or not there. The file
is made from PyTorch's names and this package's by \`npx tsx --conditions=source packages/torch/test/features/write.ts\`; a
test compares them.

- Arguments come in the order of libtorch's schema, which an editor shows as the type. One object at the end may name all
  from any place but the first on, by PyTorch's names, and has those that are keyword-only: \`ops.cat([x, y], { dim: 1 })\`,
  \`ops.sum(x, { dim: 1, keepdim: true })\`. Methods take them in order. Sizes are lists, in methods also numbers:
  \`x.view([3, 2])\`, \`x.view(3, 2)\`.
- Several results come by PyTorch's names, \`const { values, indices } = x.topk(5)\`, or as a list where it names none:
  \`const [output, [hidden, cell]] = lstm.call(x)\`.
- A module's settings are one object in camelCase: \`new nn.Conv1d(8, 16, 3, { padding: 1, bias: false })\`. Its weights have
  PyTorch's names, so that .pth files load.
- A loss takes its reduction by name: \`ops.mseLoss(x, y, "sum")\`, \`new nn.MSELoss({ reduction: "sum" })\`.
- \`[0, 1]\` is float32 unless a dtype is named: indices and class labels want \`tensor([0, 1], { dtype: "int64" })\`.
- **By \`dispatch\`** is any operator that libtorch registers: \`dispatch("aten::logit", [x])\`, or typed, by its schema,
  \`operator("aten::logit(Tensor self, float? eps=None) -> Tensor")\`. Gradients flow. Operators in place end in \`_\`.

Not there at all: complex and sparse values in JavaScript, quantisation, hooks, custom autograd functions, \`torch.jit\`,
\`torch.compile\`, \`torch.fft\`, \`torch.utils.data\`.
`;

/** All of FEATURES.md. */
export function featuresText(): string {
  const sections = Object.entries(namespaces).flatMap(([namespace, names]) => section(namespace, names));
  const only = ["## Only here", "", `What no name of PyTorch leads to: ${list(namesOnlyHere())}`, ""];
  return `${[introduction, ...sections, ...only].join("\n").trimEnd()}\n`;
}

/** The keys of the table that no namespace shows: misspelt ones. */
export function unknownKeys(): string[] {
  return Object.keys(otherwise).filter((key) => ownerOf(key) === undefined);
}
