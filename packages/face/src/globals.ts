// Declarations name these; where a program has neither the types of a browser nor those of Node, they are nothing more.
declare global {
  interface AbortSignal {}
}

export {};
