/** Numbers as people read them. */

const whole = new Intl.NumberFormat("en");

/** 12,345 */
export const count = (value: number): string => whole.format(Math.round(value));

/** Three significant digits, and an exponent only where that is shorter. */
export function figure(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1000) return count(value);
  return size < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
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
