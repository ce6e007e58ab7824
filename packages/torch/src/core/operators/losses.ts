// Losses and similarities; `reduction` is "none", "mean" or "sum".
import { operator } from "../operator.ts";

/** −log softmax of logits [n, classes, ...] at int64 classes [n, ...], or against probabilities of the logits' shape. */
export const crossEntropy = operator("aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100, float label_smoothing=0) -> Tensor");
/** (self − target)². */
export const mseLoss = operator("aten::mse_loss(Tensor self, Tensor target, int reduction=1) -> Tensor");
/** |self − target|. */
export const l1Loss = operator("aten::l1_loss(Tensor self, Tensor target, int reduction=1) -> Tensor");
/** ½ d² / beta for |d| < beta, else |d| − ½ beta, d = self − target. */
export const smoothL1Loss = operator("aten::smooth_l1_loss(Tensor self, Tensor target, int reduction=1, float beta=1) -> Tensor");
/** ½ d² for |d| < delta, else delta · (|d| − ½ delta), d = self − target. */
export const huberLoss = operator("aten::huber_loss(Tensor self, Tensor target, int reduction=1, float delta=1.) -> Tensor");
/** −t log self − (1 − t) log(1 − self) of probabilities self and targets t in [0, 1]; logarithms at least −100. */
export const binaryCrossEntropy = operator("aten::binary_cross_entropy(Tensor self, Tensor target, Tensor? weight=None, int reduction=1) -> Tensor");
/** −t log σ(self) − (1 − t) log(1 − σ(self)) of targets t in [0, 1]. */
export const binaryCrossEntropyWithLogits = operator("aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? pos_weight=None, int reduction=1) -> Tensor");
/** −self at int64 classes, of log-probabilities [n, classes, ...]. */
export const nllLoss = operator("aten::nll_loss_nd(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100) -> Tensor");
/** target · (log target − self), self being log-probabilities; mean is over elements. */
export const klDiv = operator("aten::kl_div(Tensor self, Tensor target, int reduction=1, *, bool log_target=False) -> Tensor");
/** x1 · x2 / (‖x1‖ ‖x2‖) along a dimension, broadcast. */
export const cosineSimilarity = operator("aten::cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor");
/** 1 − cos(input1, input2) where target [n] is 1, max(0, cos − margin) where it is −1; rows of [n, dim]. */
export const cosineEmbeddingLoss = operator("aten::cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin=0., int reduction=1) -> Tensor");
/** max(0, ‖anchor − positive‖ − ‖anchor − negative‖ + margin), of vectors along the last dimension. */
export const tripletMarginLoss = operator("aten::triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1., float p=2, float eps=1e-06, bool swap=False, int reduction=1) -> Tensor");
