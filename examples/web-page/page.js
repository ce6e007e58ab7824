// A picture, a box drawn by hand, and what the model sees. See README.md.
import { MODEL_URL } from "@duchenne/model-fer";
import { fetchModel } from "@duchenne/predict";
import * as ort from "onnxruntime-web/wasm";

const [input, canvas, table, status] = ["input", "canvas", "table", "[role=status]"].map((one) =>
  document.querySelector(one),
);
const context = canvas.getContext("2d", { willReadFrequently: true });
let picture;
let start;

async function load() {
  const folder = new URLSearchParams(location.search).get("model") ?? MODEL_URL;
  const model = await fetchModel(folder, ort);
  input.disabled = false;
  status.textContent = "Ready.";
  return model;
}

const loading = load().catch((error) => {
  status.textContent = error.message;
  throw error;
});

input.addEventListener("change", async () => {
  picture = await createImageBitmap(input.files[0]);
  Object.assign(canvas, { width: picture.width, height: picture.height });
  context.drawImage(picture, 0, 0);
  status.textContent = "Draw a box around the face.";
});

/** Pixels of the picture under the pointer. */
function placeOf(event) {
  const { left, top, width } = canvas.getBoundingClientRect();
  const scale = canvas.width / width;
  return { x: (event.clientX - left) * scale, y: (event.clientY - top) * scale };
}

function boxTo({ x, y }) {
  const [left, top] = [Math.min(start.x, x), Math.min(start.y, y)];
  return { left, top, width: Math.abs(x - start.x), height: Math.abs(y - start.y) };
}

canvas.addEventListener("pointerdown", (event) => {
  if (!picture) return;
  start = placeOf(event);
  canvas.setPointerCapture(event.pointerId);
});

canvas.addEventListener("pointermove", (event) => {
  if (!start) return;
  const { left, top, width, height } = boxTo(placeOf(event));
  context.drawImage(picture, 0, 0);
  Object.assign(context, { strokeStyle: "#56b4e9", lineWidth: Math.max(1, canvas.width / 200) });
  context.strokeRect(left, top, width, height);
});

canvas.addEventListener("pointerup", async (event) => {
  if (!start) return;
  const box = boxTo(placeOf(event));
  start = undefined;
  if (box.width < 8 || box.height < 8) return;
  const pixels = document.createElement("canvas");
  Object.assign(pixels, { width: picture.width, height: picture.height });
  const own = pixels.getContext("2d");
  own.drawImage(picture, 0, 0);
  const { data, width, height } = own.getImageData(0, 0, picture.width, picture.height);
  const model = await loading;
  const [seen] = await model.predict({ data, width, height, channels: 4 }, [{ box }]);
  show(seen);
});

/** Text nodes only: class names come from the model's files. */
function show({ expression, probabilities = {}, valence, arousal }) {
  const rows = Object.entries(probabilities).map(([name, share]) => row(name, share, 0));
  if (valence !== undefined) rows.push(row("valence", valence, -1), row("arousal", arousal, -1));
  table.replaceChildren(...rows);
  status.textContent = expression ? `Classified as ${expression}.` : "This model has no words for it.";
}

function row(name, value, min) {
  const line = document.createElement("tr");
  const meter = Object.assign(document.createElement("meter"), { min, max: 1, value });
  line.insertCell().textContent = name;
  line.insertCell().append(meter);
  line.insertCell().textContent = value.toFixed(2);
  return line;
}
