/** Line icons, 24 by 24. */
const PATHS = {
  runs: "M3 20h18M4 16l5-6 4 4 7-9",
  batch: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  map: "M6 7h.01M11 5h.01M9 11h.01M17 8h.01M15 14h.01M19 16h.01M6 17h.01M11 19h.01",
  mirror: "M12 3a7 8 0 0 1 0 16 7 8 0 0 1 0-16M12 19v3M8.5 12.5c1.5 2 5.5 2 7 0M9.5 8.5h.01M14.5 8.5h.01",
  results: "M4 5h16v14H4zM4 10h16M4 14.500h16M10 5v14",
  light:
    "M12 8a4 4 0 0 1 0 8 4 4 0 0 1 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
  dark: "M20 14A8.5 8.5 0 0 1 10 4a8.5 8.5 0 1 0 10 10",
  help: "M9 9a3 3 0 1 1 4.4 2.6c-.9.5-1.4 1.100-1.4 2.400M12 18h.01",
  close: "M6 6l12 12M18 6 6 18",
  play: "M7 4.500v15l12-7.500z",
  pause: "M8 5v14M16 5v14",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
