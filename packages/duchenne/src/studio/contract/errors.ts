/** Another program listens where the studio should. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";

  constructor(readonly port: number) {
    super(
      `--port: something listens on 127.0.0.1:${port} already, perhaps another studio: ` +
        `close it, or give another, as in --port ${port + 1}`,
    );
  }
}

/** A folder to look through that is not there. */
export class StudioFolderError extends Error {
  override readonly name = "StudioFolderError";

  constructor(
    readonly path: string,
    readonly received: string,
  ) {
    super(`${path}: expected a folder with runs, stores or models, received ${received}`);
  }
}

/** The pages were not built. */
export class PagesError extends Error {
  override readonly name = "PagesError";

  constructor(readonly folder: string) {
    super(`${folder}: expected the studio's pages, and they are not built: run make build`);
  }
}

/** A request for something that is not there, or not to be had. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(
    readonly status: 400 | 403 | 404,
    message: string,
  ) {
    super(message);
  }
}

/** A batch or a map could not be made; the message is the library's. */
export class ComputeError extends Error {
  override readonly name = "ComputeError";
}
