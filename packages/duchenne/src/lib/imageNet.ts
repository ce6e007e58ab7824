/** ImageNet's mean and standard deviation of red, green and blue in 0..1, as every torchvision model expects them. */
export const MEAN = [0.485, 0.456, 0.406] as const;
export const STANDARD_DEVIATION = [0.229, 0.224, 0.225] as const;
