import { WordIndex } from "../word-index.ts";
import { changeWords } from "./change-words.ts";
import { countWords } from "./count-words.ts";
import { discountWords } from "./discount-words.ts";
import { foreignNumberWords } from "./foreign-number-words.ts";
import { kindNoneWords } from "./kind-none-words.ts";
import { kindWords } from "./kind-words.ts";
import { layoutWords } from "./layout-words.ts";
import { numberWords } from "./number-words.ts";
import { personWords } from "./person-words.ts";
import { placeWords } from "./place-words.ts";
import { reportWords } from "./report-words.ts";
import { slipWords } from "./slip-words.ts";
import { taxWords } from "./tax-words.ts";
import { tenderWords } from "./tender-words.ts";
import { timeWords } from "./time-words.ts";
import { totalWords } from "./total-words.ts";

/** Every word the generic profile knows. */
export const vocabulary: WordIndex = new WordIndex(() => [
  ...placeWords,
  ...numberWords,
  ...foreignNumberWords,
  ...personWords,
  ...timeWords,
  ...totalWords,
  ...taxWords,
  ...discountWords,
  ...changeWords,
  ...countWords,
  ...tenderWords,
  ...kindWords,
  ...kindNoneWords,
  ...slipWords,
  ...reportWords,
  ...layoutWords,
]);
