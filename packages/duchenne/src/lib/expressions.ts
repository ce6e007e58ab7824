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

/** AffectNet's largest number of a class; higher numbers are of people or clips. */
export const LARGEST_CLASS_NUMBER = 10;
/** A class's number before its word, as in "0_angry" or "3 - happy". */
const NUMBERED = /^(\d{1,2})[\s_.:)–-]+(?=\p{L})/u;

/** A label without what nobody sees: space around it, invisible characters, wide letters and digits. */
export const plainText = (label: string): string =>
  label
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .trim();

/**
 * The expression a word means: a name or a usual synonym ("angry", "happiness"). Case, wide letters and invisible characters make no
 * difference.
 */
export const parseExpressionWord = (word: string): Expression | undefined =>
  BY_WORD.get(plainText(word).toLowerCase());

/** As `parseExpressionWord`, of a word that may follow the number of its class: "0_angry". The number is ignored. */
export function parseClassName(name: string): Expression | undefined {
  const plain = plainText(name);
  const [prefix = "", number = "0"] = NUMBERED.exec(plain) ?? [];
  return Number(number) > LARGEST_CLASS_NUMBER ? undefined : parseExpressionWord(plain.slice(prefix.length));
}

/** The number that a label is, as "3" or "3.0"; undefined for anything else. */
export function expressionNumber(label: string): number | undefined {
  const plain = plainText(label);
  return /^\d+(\.0+)?$/.test(plain) ? Number(plain) : undefined;
}

/**
 * The expression a label means: the name of a class (`parseClassName`), or a number in one of the orders.
 * @returns undefined if the label is none of them
 */
export function parseLabel(label: string, order: ExpressionOrder): Expression | undefined {
  const number = expressionNumber(label);
  return number === undefined ? parseClassName(label) : EXPRESSION_ORDERS[order][number];
}

/**
 * The expression a label means: a name in any case, a common synonym ("angry", "happiness"), or AffectNet's number.
 * @returns undefined if the label is none of them
 */
export const parseExpression = (label: string): Expression | undefined => parseLabel(label, "affectnet");
