// Declarations name these; where a program has neither the types of a browser nor those of Node, they are nothing more.
declare global {
  // biome-ignore lint/suspicious/noEmptyInterface: merges with the real one, which is elsewhere
  interface AbortSignal {}
}

export {};
