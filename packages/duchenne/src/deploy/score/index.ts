export type { BrightnessScore } from "./brightness.ts";
export { ScoreError } from "./errors.ts";
export type { AffectScore, ExpressionScore, ScoredFigure, ScoredInterval } from "./figures.ts";
export { scoreModel } from "./scoreModel.ts";
export type { Score, ScoreOptions } from "./scoreStore.ts";
