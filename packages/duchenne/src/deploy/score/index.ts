export { ScoreError } from "./errors.ts";
export type { AffectScore, ExpressionScore, ScoredFigure } from "./figures.ts";
export { type Score, type ScoreOptions, scoreModel } from "./scoreModel.ts";
