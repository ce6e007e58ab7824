// Sampling, resizing and padding of images, sequences and volumes.
import { operator } from "../operator.ts";

/** Images [n, c, h, w] read at places [n, h', w', 2] in [−1, 1]; modes are numbers: 0 bilinear, 1 nearest; padding 0 zeros, 1 border, 2 reflection. */
export const gridSample = operator("aten::grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor");
/** [n, c, h, w] to [n, c, ...output_size]; see `interpolate`. */
export const interpolateBilinear = operator("aten::upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor");
/** [n, c, h, w] to [n, c, ...output_size]; see `interpolate`. */
export const interpolateNearest = operator("aten::upsample_nearest2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor");
/** [n, c, h, w] to [n, c, ...output_size]; see `interpolate`. */
export const interpolateBicubic = operator("aten::upsample_bicubic2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor");
/** [n, c, h, w] to [n, c, ...output_size], averaged when shrinking; see `interpolate`. */
export const interpolateBilinearAntialias = operator("aten::_upsample_bilinear2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor");
/** [n, c, l] to output_size, or by scale_factors where that is null; see `interpolate`. */
export const upsampleNearest1d = operator("aten::upsample_nearest1d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor");
/** [n, c, h, w] to output_size, or by scale_factors where that is null; see `interpolate`. */
export const upsampleNearest2d = operator("aten::upsample_nearest2d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor");
/** [n, c, d, h, w] to output_size, or by scale_factors where that is null; see `interpolate`. */
export const upsampleNearest3d = operator("aten::upsample_nearest3d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor");
/** [n, c, l] to output_size, or by scale_factors where that is null; see `interpolate`. */
export const upsampleLinear1d = operator("aten::upsample_linear1d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor");
/** [n, c, h, w] to output_size, or by scale_factors where that is null; see `interpolate`. */
export const upsampleBilinear2d = operator("aten::upsample_bilinear2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor");
/** [n, c, d, h, w] to output_size, or by scale_factors where that is null; see `interpolate`. */
export const upsampleTrilinear3d = operator("aten::upsample_trilinear3d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor");
/** [n, c, h, w] to output_size, or by scale_factors where that is null; see `interpolate`. */
export const upsampleBicubic2d = operator("aten::upsample_bicubic2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor");
/** [n, c, h, w] to output_size, or by scale_factors where that is null; see `interpolate`. */
export const upsampleBilinear2dAntialias = operator("aten::_upsample_bilinear2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor");
/** A constant around the last dimensions: [before, after] of the last, of the one before, …. */
export const pad = operator("aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor");
/** Mirrored pixels around images: [left, right, top, bottom]. */
export const reflectionPad2d = operator("aten::reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor");
