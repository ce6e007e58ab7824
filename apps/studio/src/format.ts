/** Numbers as people read them. */

const whole = new Intl.NumberFormat("en");

/** 12,345 */
export const count = (value: number): string => whole.format(Math.round(value));

const FIGURES = 3;
const MOST_FIGURES = 9;
/** Steps of an axis that the text of a place may be off. */
const OFF = 0.05;

/** A few significant digits, and an exponent only where that is shorter. */
export function figure(value: number, figures = FIGURES): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3) return value.toExponential(figures - 2);
  if (size < 1000) return String(Number(value.toPrecision(figures)));
  return figures === FIGURES ? count(value) : grouped(value, figures);
}

const grouped = (value: number, maximumSignificantDigits: number): string =>
  new Intl.NumberFormat("en", { maximumSignificantDigits }).format(value);

/** Places on an axis, with as many digits as tell them apart; some axes leave places out. */
export function tickTexts(ticks: readonly (number | null)[]): string[] {
  const shown = ticks.filter((tick) => tick !== null);
  const step = Math.min(...shown.slice(1).map((tick, i) => Math.abs(tick - shown[i]!)));
  let figures = FIGURES;
  const isOff = (tick: number) =>
    Math.abs(Number(figure(tick, figures).replaceAll(",", "")) - tick) > OFF * step;
  while (figures < MOST_FIGURES && shown.some(isOff)) figures++;
  return ticks.map((tick) => (tick === null ? "" : figure(tick, figures)));
}

/** 37 % */
export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** "just now", "5 min ago", or the day. */
export function since(milliseconds: number, now: number): string {
  const minutes = Math.floor((now - milliseconds) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return new Date(milliseconds).toLocaleDateString("en", { day: "numeric", month: "short", year: "numeric" });
}

/** "+0.31", "−0.14", "0.00": the width stays as numbers pass by. */
export function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : "+"}${text}`;
}
