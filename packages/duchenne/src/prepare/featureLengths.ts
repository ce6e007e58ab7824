/** Apart from the feature itself, so that knowing its length does not load the engine: 512 for the eyes, 512 for the mouth. */
export const RESNET_FEATURE_LENGTH = 1024;
