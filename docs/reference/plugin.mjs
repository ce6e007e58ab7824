/** Names modules as programs import them, and describes operators by their schemas. */
import { readFileSync } from "node:fs";
import { Comment, Converter, ReflectionKind } from "typedoc";
import { PUBLIC_ENTRIES } from "./publicEntries.mjs";

const MODULE_NAMES = new Map(PUBLIC_ENTRIES.map(({ file, name }) => [file, name]));
const OPERATORS = /\/torch\/src\/core\/operators\.ts$/;

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

/** An operator is its name and libtorch's schemas of it, one for each overload, which say all there is to say. */
function describeOperator(variable) {
  const [source] = variable.sources ?? [];
  if (!source || !OPERATORS.test(source.fullFileName) || variable.hasComment()) return;
  const lines = readFileSync(source.fullFileName, "utf8")
    .split("\n")
    .slice(source.line - 1);
  const [declaration] = lines.join("\n").split(");\n");
  const schemas = declaration.match(/aten::[^(]+\(.*?\) -> [^"']*/g) ?? [];
  variable.comment = new Comment(
    schemas.flatMap((schema, i) => [
      { kind: "text", text: i === 0 ? "libtorch's " : " and " },
      { kind: "code", text: `\`${schema}\`` },
    ]),
  );
}
