import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface FileServer {
  readonly url: string;
  /** Path and Range header of every request, in order. */
  readonly requests: { path: string; range: string | undefined }[];
}

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server on this machine, closed when the test ends. @param answer told how many requests came before */
export async function serve(answer: Answer): Promise<FileServer> {
  const requests: FileServer["requests"] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url!, range: request.headers.range });
    answer(request, response, requests.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/models`, requests };
}

/** Sends a file as servers with Range support do. */
export function sendRange(body: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (start >= body.length) response.writeHead(416, { "content-range": `bytes */${body.length}` }).end();
  else if (start === 0) response.writeHead(200, { "content-length": body.length }).end(body);
  else
    response
      .writeHead(206, {
        "content-length": body.length - start,
        "content-range": `bytes ${start}-${body.length - 1}/${body.length}`,
      })
      .end(body.subarray(start));
}
