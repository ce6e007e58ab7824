// The expressions of the faces in a picture or a film: npx tsx examples/predictPicture.ts selfie.jpg [folder of a model]
import { openModel, predictFile } from "duchenne/deploy";

const [picture = "selfie.jpg", folder] = process.argv.slice(2);
const model = await openModel(folder);
for await (const { faces } of predictFile(model, picture))
  for (const { box, prediction } of faces) console.log(box, prediction.expression, prediction.probabilities);
await model.dispose();
