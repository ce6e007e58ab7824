/**
 * uPlot asks for the browser's language when it is loaded, and WebKit without a locale calls it "C", which is none: then no page would
 * come. Import it before uPlot.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { configurable: true, value: "en" });
}
