import { describeRadio } from "./radio-suite.ts";

describeRadio("stoprocent");
