/** Series of the style sheet, told apart also with little colour blindness in the way. */
export const SERIES = 8;

/** The token of a run's colour: its place among those chosen. */
export const seriesToken = (place: number): string => `series-${(place % SERIES) + 1}`;
