import { expect, test } from "vitest";
import { readBlocks, shortened } from "./blocks.ts";

const FENCE = "```";

test("a block keeps its lines, and one that continues another has its lines, too", () => {
  const text = `# Guide\n${FENCE}ts\nconst a = 1;\n${FENCE}\nThen\n\n<!-- ts: continues; a => 2 -->\n${FENCE}ts\nuse(a);\n${FENCE}\n`;
  const [first, second] = readBlocks("guide.md", text);
  expect(first).toMatchObject({ line: 2, text: "\n\nconst a = 1;" });
  expect(second!.text.split("\n")).toEqual(["", "", "const a = 1;", "", "", "", "", "", "use(a);"]);
  expect(shortened(second!)).toContain("use(2);");
});

test("marks: a browser's, and what must not exist", () => {
  const text = `<!-- ts: browser; without runs/first -->\n${FENCE}ts\n${FENCE}\n${FENCE}sh\nls\n${FENCE}\n`;
  expect(readBlocks("guide.md", text)).toMatchObject([{ isBrowser: true, without: ["runs/first"] }]);
});

test.each([
  [`<!-- ts: slowly -->\n${FENCE}ts\n${FENCE}`, /^guide\.md:1: expected `continues`.*received `slowly`$/],
  [`<!-- ts: continues -->\n${FENCE}ts\n${FENCE}`, /^guide\.md:1: expected a block to continue/],
  [`\n${FENCE}ts\nlet a;`, /^guide\.md:2: expected a closing ```/],
])("what cannot be read is named by file and line: %j", (text, message) => {
  expect(() => readBlocks("guide.md", text)).toThrow(message);
});

test("a replacement for text that is not there is named by file and line", () => {
  const [block] = readBlocks("guide.md", `<!-- ts: 1500 => 2 -->\n${FENCE}ts\nlet steps = 150;\n${FENCE}`);
  expect(() => shortened(block!)).toThrow(/^guide\.md:2: expected `1500` in the block/);
});
