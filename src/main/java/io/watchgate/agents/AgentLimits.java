package io.watchgate.agents;

import java.time.Duration;

/// How much agents may do: `agents.limits`.
///
/// @param executions at once
/// @param queue of those that wait beyond that
/// @param queueTimeout how long they wait
/// @param tokens of one execution
/// @param tokensAMinute of one principal, 0 for any number
/// @param executionsAMinute of one principal, 0 for any number
/// @param queryBytes of a query
public record AgentLimits(
    int executions,
    int queue,
    Duration queueTimeout,
    int tokens,
    int tokensAMinute,
    int executionsAMinute,
    int queryBytes) {}
