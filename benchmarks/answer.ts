import { createInterface } from "node:readline";

/** The measuring side of a Peer: answers each line of standard input with what `measure` gives for it. */
export async function answer(measure: (request: string) => number | Promise<number>): Promise<void> {
  for await (const request of createInterface({ input: process.stdin }))
    console.log(JSON.stringify(await measure(request)));
}
