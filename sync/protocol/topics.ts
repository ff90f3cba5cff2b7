import { isName } from "./message.ts";

/** The topic prefix when none is configured. */
export const defaultTopicPrefix = "storeloop/v1";

/** What an agent's topic carries. */
export type TopicKind = "batch" | "ack" | "state";

/** The topics of one deployment (PROTOCOL.md section 7). */
export interface Topics {
  /** The topic of one kind for one agent. */
  of(agent: string, kind: TopicKind): string;
  /** The filter that matches one kind for every agent. */
  every(kind: TopicKind): string;
  /** Which agent and kind a topic is for, or undefined when it is none of ours. */
  parse(topic: string): { readonly agent: string; readonly kind: TopicKind } | undefined;
}

/** The topics under a prefix. A slash at the end of the prefix is dropped. */
export function topicsUnder(prefix: string): Topics {
  const stem = prefix.replace(/\/+$/, "");
  return {
    of: (agent, kind) => `${stem}/${agent}/${kind}`,
    every: (kind) => `${stem}/+/${kind}`,
    parse(topic) {
      if (!topic.startsWith(`${stem}/`)) return undefined;
      const [agent, kind, ...rest] = topic.slice(stem.length + 1).split("/");
      if (rest.length > 0 || !isName(agent)) return undefined;
      return kind === "batch" || kind === "ack" || kind === "state" ? { agent, kind } : undefined;
    },
  };
}
