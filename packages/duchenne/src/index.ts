/** Learn facial expression from unlabeled face video. */
export * from "./store/index.ts";
