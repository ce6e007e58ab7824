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

/**
 * Orders in which data sets number the expressions; a label file with numbers is read in one of them.
 * @see Mollahosseini et al. 2019 (AffectNet); Goodfellow et al. 2013 (FER2013)
 */
export const EXPRESSION_ORDERS = {
  affectnet: EXPRESSIONS,
  fer2013: ["anger", "disgust", "fear", "happy", "sad", "surprise", "neutral"],
} as const satisfies Record<string, readonly Expression[]>;

export type ExpressionOrder = keyof typeof EXPRESSION_ORDERS;

export const EXPRESSION_ORDER_NAMES = ["affectnet", "fer2013"] as const satisfies readonly ExpressionOrder[];

/** "0 neutral, 1 happy, …", for notices and errors. */
export const describeOrder = (order: ExpressionOrder): string =>
  EXPRESSION_ORDERS[order].map((name, number) => `${number} ${name}`).join(", ");

const SYNONYMS: Readonly<Record<Expression, readonly string[]>> = {
  neutral: ["neutrality"],
  happy: ["happiness", "joy"],
  sad: ["sadness"],
  surprise: ["surprised", "suprise"],
  fear: ["fearful", "afraid", "scared"],
  disgust: ["disgusted"],
  anger: ["angry"],
  contempt: ["contemptuous"],
};

const BY_WORD = new Map(
  EXPRESSIONS.flatMap((name) => [name, ...SYNONYMS[name]].map((word) => [word, name] as const)),
);

/** A number before a word, as in "0_angry" or "3 - happy": the word says all that counts. */
const NUMBER_BEFORE = /^\d+\s*[\s_.:)-]\s*(?=\p{L})/u;

/**
 * The expression a word means: a name or a usual synonym ("angry", "happiness"), with a number before it or without. Case, wide letters and
 * invisible characters make no difference.
 */
export function parseExpressionWord(word: string): Expression | undefined {
  const visible = word
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .trim();
  return BY_WORD.get(visible.replace(NUMBER_BEFORE, "").toLowerCase());
}

/** The number that a label is, as "3" or "3.0"; undefined for anything else. */
export const expressionNumber = (label: string): number | undefined =>
  /^\s*\d+(\.0+)?\s*$/.test(label) ? Number(label) : undefined;

/**
 * The expression a label means: a name in any case, a usual synonym, or a number in one of the orders.
 * @returns undefined if the label is none of them
 */
export function parseLabel(label: string, order: ExpressionOrder): Expression | undefined {
  const number = expressionNumber(label);
  return number === undefined ? parseExpressionWord(label) : EXPRESSION_ORDERS[order][number];
}

/**
 * The expression a label means: a name in any case, a common synonym ("angry", "happiness"), or AffectNet's number.
 * @returns undefined if the label is none of them
 */
export const parseExpression = (label: string): Expression | undefined => parseLabel(label, "affectnet");
