import { existsSync, realpathSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import type { ShippedModel } from "../deploy/predict/shippedModel.ts";
import { createApp } from "./app.ts";
import { ArtifactIndex } from "./artifactIndex.ts";
import { Computer } from "./compute/computer.ts";
import { PagesError, PortInUseError } from "./contract/errors.ts";
import { checkFolders } from "./find.ts";
import { Stores } from "./stores.ts";

/** The only address listened on: other machines cannot reach it. */
const LOOPBACK = "127.0.0.1";

/** A running studio. */
export interface Studio {
  /** Where it is to be opened. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the studio.
 * @param folders looked through for runs, stores and models   @param port 0 takes any that is free
 * @param shipped the installed model, which the mirror offers besides
 * @throws StudioFolderError, PortInUseError, or PagesError where the pages are not built
 */
export async function serveStudio(
  folders: readonly string[],
  port: number,
  shipped?: ShippedModel,
): Promise<Studio> {
  const [computer, stores] = [new Computer(), new Stores()];
  const app = createApp({
    artifacts: new ArtifactIndex(checkFolders(folders), stores, shipped),
    computer,
    pages: builtPages(),
  });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer((request, response) => void listener(request, response));
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  const close = async () => {
    await closeServer(server);
    computer.close();
    await stores.close();
  };
  return { url: `http://${LOOPBACK}:${taken}/`, close };
}

function builtPages(): string {
  const folder = join(dirname(fileURLToPath(import.meta.resolve("@duchenne/studio/package.json"))), "dist");
  if (!existsSync(join(folder, "index.html"))) throw new PagesError(folder);
  return realpathSync(folder);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortInUseError(port) : error),
    );
    server.listen(port, LOOPBACK, resolve);
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
