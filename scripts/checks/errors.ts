/** An error of one message has three parts: what was expected, what came, and what to do. Classes that take the parts one by one are typed. */
import { type Expression, parseSync, Visitor } from "oxc-parser";

/** Classes whose constructor takes the whole message, first or second. */
const ONE_MESSAGE = /^(?:Range|Type|Usage|Torch|Load|Addon|Server|Source|Request|Compute)Error$/;

/** What is written in the source; "•" stands for a value. */
function writtenText(node: Expression): string {
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string" ? node.value : "";
    case "TemplateLiteral":
      return node.quasis.map(({ value }) => value.cooked ?? "").join("•");
    case "BinaryExpression":
      return writtenText(node.left as Expression) + writtenText(node.right);
    default:
      return "•";
  }
}

/** What to do is a sentence of its own, or a value after a full stop. */
const hasThreeParts = (message: string): boolean =>
  /expected .+(?:received|found) .+[.] (?:[A-Z`•])/s.test(message);

/** Whether a message begins with another error's. */
function beginsWithMessage(node: Expression, text: string): boolean {
  if (node.type === "BinaryExpression") return beginsWithMessage(node.left as Expression, text);
  const first =
    node.type === "TemplateLiteral" && node.quasis[0]?.value.cooked === "" ? node.expressions[0] : node;
  return first !== undefined && /(?:\.message|essage\w*\(.*\))$/s.test(text.slice(first.start, first.end));
}

/** @returns a line for each message of a module that lacks a part; one that begins with another error's message passes */
export function errorProblems(file: string, text: string): string[] {
  const problems: string[] = [];
  const visitor = new Visitor({
    NewExpression({ callee, arguments: given, start }) {
      if (callee.type !== "Identifier" || !ONE_MESSAGE.test(callee.name)) return;
      const written = (given as Expression[]).find((argument) => /[a-z]{2}/.test(writtenText(argument)));
      if (written === undefined || beginsWithMessage(written, text)) return;
      const message = writtenText(written);
      if (hasThreeParts(message)) return;
      const line = text.slice(0, start).split("\n").length;
      problems.push(
        `${file}:${line}: expected a message of what was expected, what came and what to do, received "${message}"`,
      );
    },
  });
  visitor.visit(parseSync(file, text).program);
  return problems;
}
