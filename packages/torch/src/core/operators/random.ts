// Random fills.
import { operator } from "../operator.ts";

/** self ← normal numbers of a mean and standard deviation. */
export const normal_ = operator("aten::normal_(Tensor(a!) self, float mean=0, float std=1, *, Generator? generator=None) -> Tensor(a!)");
/** self ← uniform numbers in [from, to). */
export const uniform_ = operator("aten::uniform_(Tensor(a!) self, float from=0, float to=1, *, Generator? generator=None) -> Tensor(a!)");
/** self ← 1 with probability p, else 0. */
export const bernoulli_ = operator("aten::bernoulli_.float(Tensor(a!) self, float p=0.5, *, Generator? generator=None) -> Tensor(a!)");
