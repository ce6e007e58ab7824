export type { BrightnessScore } from "./brightness.ts";
export { ScoreError } from "./errors.ts";
export type { AffectScore, ExpressionScore, ScoredFigure, ScoredInterval } from "./figures.ts";
export { type Score, type ScoreOptions, scoreModel } from "./scoreModel.ts";
