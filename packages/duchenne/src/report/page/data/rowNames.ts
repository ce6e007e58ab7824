/** Name of the row of the method with all of its components: TimeAug, HardNeg, FaceSwap and MaskFN. */
export const FULL_METHOD = "SSL-FER (full)";

/** Name of the row of a backbone that has learned nothing. */
export const UNTRAINED_ROW = "untrained";

/** Names that plans and tables of older versions use, with the names of today. */
export const FORMER_ROW_NAMES: Readonly<Record<string, string>> = { "all four": FULL_METHOD };

/** The name of a row today. @param name from a plan or table of any version */
export const currentRowName = (name: string): string => FORMER_ROW_NAMES[name] ?? name;
