import { describe, expect, test } from "vitest";
import { ModelError, parseConfig, parsePreprocessor, writeConfig, writePreprocessor } from "../src/index.ts";
import { CONFIG_JSON, PREPROCESSOR, PREPROCESSOR_JSON } from "./files.ts";

const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
  return "nothing thrown";
};

describe("config.json", () => {
  test("is read, and written as it was", () => {
    const config = parseConfig(CONFIG_JSON);
    expect(config).toEqual({
      backbone: "resnet18",
      imageSize: 64,
      embeddingSize: 4,
      heads: ["expression", "valence_arousal"],
      classes: ["neutral", "happy"],
    });
    expect(writeConfig(config)).toEqual(CONFIG_JSON);
  });

  test("may say more, as other programs add to such files", () => {
    expect(parseConfig({ ...CONFIG_JSON, transformers_version: "5" }).backbone).toBe("resnet18");
  });

  test.each([
    [{ model_type: "vit" }, 'config.json: model_type: expected "duchenne", received "vit"'],
    [{ format_version: 2 }, "config.json: format_version: expected 1, received 2"],
    [{ image_size: "64" }, 'config.json: image_size: expected a number from 1 to 4096, received "64"'],
    [{ image_size: 64.5 }, "config.json: image_size: expected a whole number, received 64.5"],
    [{ heads: ["age"] }, "config.json: heads: expected some of expression, valence_arousal"],
    [
      { id2label: { "0": "neutral", "2": "happy" } },
      "config.json: id2label: 1: expected a text, received nothing",
    ],
    [{ id2label: { "0": "neutral" } }, "config.json: id2label: expected at least two classes"],
    [{ label2id: { neutral: 1, happy: 0 } }, "config.json: label2id: neutral: expected 0, received 1"],
  ])("is refused with %o", (change, message) => {
    expect(messageOf(() => parseConfig({ ...CONFIG_JSON, ...change }))).toContain(message);
  });

  test.each([null, [], "text", 3])("is refused where it is %o", (json) => {
    expect(messageOf(() => parseConfig(json))).toContain("config.json: expected a JSON object");
  });
});

describe("preprocessor_config.json", () => {
  test("is read, and written as it was", () => {
    expect(parsePreprocessor(PREPROCESSOR_JSON)).toEqual(PREPROCESSOR);
    expect(writePreprocessor(PREPROCESSOR)).toEqual(PREPROCESSOR_JSON);
  });

  test.each([
    [{ image_processor_type: "ViTImageProcessor" }, 'expected "DuchenneImageProcessor"'],
    [{ do_normalize: false }, "do_normalize: expected true, received false"],
    [{ rescale_factor: 1 }, "rescale_factor: expected a number"],
    [{ image_std: [1, 0, 1] }, "image_std: expected numbers above 0"],
    [{ image_mean: [0, 0] }, "image_mean: expected 3 numbers"],
    [{ crop_size: { height: 80, width: 80 } }, "crop_size: expected at most 73"],
    [{ size: { height: 73, width: 64 } }, "size: width: expected 73, received 64"],
    [{ face_crop: { ...PREPROCESSOR_JSON.face_crop, rise: 0.2 } }, "face_crop: rise: expected a number from"],
    [{ face_crop: undefined }, "face_crop: expected a JSON object, received nothing"],
  ])("is refused with %o", (change, message) => {
    expect(messageOf(() => parsePreprocessor({ ...PREPROCESSOR_JSON, ...change }))).toContain(message);
  });
});
