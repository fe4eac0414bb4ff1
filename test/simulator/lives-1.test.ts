import { everyPromiseHoldsIn } from "./many-lives.ts";

everyPromiseHoldsIn(0, 10_000);
