import { everyPromiseHoldsIn } from "./many-lives.ts";

everyPromiseHoldsIn(10_000, 10_000);
