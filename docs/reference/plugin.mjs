/** Names modules as programs import them, and describes operators by their schemas. */
import { readFileSync } from "node:fs";
import { Comment, Converter, ReflectionKind } from "typedoc";
import { PUBLIC_ENTRIES } from "./publicEntries.mjs";

const MODULE_NAMES = new Map(PUBLIC_ENTRIES.map(({ file, name }) => [file, name]));
const OPERATORS = /\/torch\/src\/operators\.ts$/;

/** Called by typedoc. @param app its application */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
    if (reflection.kindOf(ReflectionKind.Module))
      reflection.name = MODULE_NAMES.get(reflection.sources?.[0]?.fullFileName) ?? reflection.name;
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const variable of project.getReflectionsByKind(ReflectionKind.Variable)) describeOperator(variable);
  });
}

/** An operator is one line: its name and libtorch's schema of it, which says all there is to say. */
function describeOperator(variable) {
  const [source] = variable.sources ?? [];
  if (!source || !OPERATORS.test(source.fullFileName) || variable.hasComment()) return;
  const line = readFileSync(source.fullFileName, "utf8").split("\n")[source.line - 1];
  const schema = /operator\("(.+)"\)/.exec(line)?.[1];
  if (schema === undefined) return;
  variable.comment = new Comment([
    { kind: "text", text: "libtorch's " },
    { kind: "code", text: `\`${schema}\`` },
  ]);
}
