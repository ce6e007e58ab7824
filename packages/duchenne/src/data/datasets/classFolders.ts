/** Folders whose names say the expression of the images in them: words, or numbers. */
import { join } from "node:path";
import { settingText } from "../../lib/errors.ts";
import { expressionNumber, LARGEST_CLASS_NUMBER, parseClassName } from "../../lib/expressions.ts";
import { orderChoices } from "./fields.ts";
import { DataError } from "./types.ts";
import { filesIn, foldersIn, isImage } from "./walk.ts";

const MOST_NAMES = 4;

/** True if a folder's folders, two at least, are all named by numbers that expressions have, and hold images. */
export function hasNumberedFolders(path: string): boolean {
  const names = foldersIn(path);
  return (
    names.length > 1 &&
    names.every((name) => (expressionNumber(name) ?? Number.POSITIVE_INFINITY) <= LARGEST_CLASS_NUMBER) &&
    names.some((name) => filesIn(join(path, name)).some(isImage))
  );
}

/** Names of the folders of `path` that seem to be classes: words for expressions, or numbers. */
export function classFolders(path: string): string[] {
  const names = foldersIn(path);
  const words = names.filter((name) => parseClassName(name) !== undefined);
  // One alone may be a person or a title, and so may several of one meaning: Joy and Happy.
  if (new Set(words.map(parseClassName)).size > 1) return words;
  return hasNumberedFolders(path) ? names : [];
}

/** An error for a part of a data set whose folders are numbers of an unknown order. */
export function unknownOrder(part: string): DataError {
  const names = foldersIn(part);
  const named = names.slice(0, MOST_NAMES).join(", ");
  return new DataError({
    reason: "badExpression",
    file: part,
    expected: "folders named after expressions, or numbers whose order is known",
    received: names.length > MOST_NAMES ? `${named}, …` : named,
    remedy:
      `Add ${orderChoices()}; if the data set numbers them otherwise, name the folders after the expressions. ` +
      `If each folder is a clip, add ${settingText("dataset", "frameTree")}.`,
    isFatal: true,
  });
}
