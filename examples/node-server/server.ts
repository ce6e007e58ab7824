// Answers a picture with what a model sees in its faces. See README.md.
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { detectFaces, LandmarkModel, toGrey } from "@duchenne/face";
import { modelFolder } from "@duchenne/model-fer/node";
import { loadModel } from "@duchenne/predict";
import * as ort from "onnxruntime-node";
import sharp from "sharp";

const MOST_BYTES = 20e6;
const LONGEST_SIDE = 1280;

const [folder = modelFolder, port = "8080"] = process.argv.slice(2);
const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), "utf8"));
const model = await loadModel(
  {
    config: await json("config.json"),
    preprocessor: await json("preprocessor_config.json"),
    onnx: join(folder, "onnx/model.onnx"),
  },
  ort,
);
const landmarkModel = await LandmarkModel.load();

/** Predicts each face of an image file. @returns its box, and what the model says of it */
async function predictImage(file: Buffer): Promise<object[]> {
  const { data, info } = await sharp(file)
    .autoOrient()
    .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .removeAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const image = { data: new Uint8Array(data), width: info.width, height: info.height };
  const grey = toGrey(image);
  const boxes = (await detectFaces(grey)).map(({ box }) => box);
  const faces = (await landmarkModel.place(grey, boxes)).map((landmarks) => ({ landmarks }));
  const predictions = await model.predict({ ...image, channels: 3 }, faces);
  return predictions.map(({ embedding: _, ...prediction }, i) => ({ box: boxes[i], ...prediction }));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new RangeError(`a picture of at most ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const server = createServer(async (request, response) => {
  const answer = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
  try {
    if (request.method !== "POST") answer(405, { error: "expected a picture by POST" });
    else answer(200, await predictImage(await bodyOf(request)));
  } catch (error) {
    answer(400, { error: `no picture that can be read: ${(error as Error).message}` });
  }
});
server.listen(Number(port), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
