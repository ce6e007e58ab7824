/** The eight expressions in AffectNet's order; a stored label is the index into this list. */
export const EXPRESSIONS = [
  "neutral",
  "happy",
  "sad",
  "surprise",
  "fear",
  "disgust",
  "anger",
  "contempt",
] as const;

/** One of the eight expressions. */
export type Expression = (typeof EXPRESSIONS)[number];

const SYNONYMS: Readonly<Record<string, Expression>> = {
  happiness: "happy",
  sadness: "sad",
  surprised: "surprise",
  fearful: "fear",
  disgusted: "disgust",
  angry: "anger",
};

/**
 * The expression a label means: a name in any case, a common synonym ("angry", "happiness"), or AffectNet's number.
 * @returns undefined if the label is none of them
 */
export function parseExpression(label: string): Expression | undefined {
  const word = label.trim().toLowerCase();
  if (/^\d+$/.test(word)) return EXPRESSIONS[Number(word)];
  return EXPRESSIONS.find((name) => name === word) ?? SYNONYMS[word];
}
