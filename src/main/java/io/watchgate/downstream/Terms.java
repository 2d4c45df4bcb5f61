package io.watchgate.downstream;

import io.watchgate.flow.Refusals;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Time;
import io.watchgate.flow.Witness;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import java.time.Duration;
import java.time.InstantSource;

/// What every conversation with a client has in common.
///
/// @param self name and version of the gateway, as `serverInfo`
/// @param patience longest wait for a client's answer to a server's request
/// @param seal seals the ids of sessions
/// @param clock says for how long an id is good
/// @param time says how long a session was not used
/// @param refusals counts what clients hand in that is none of theirs
/// @param witness sees sessions come and go
public record Terms(
    Limits limits,
    Json self,
    Duration patience,
    Seal seal,
    InstantSource clock,
    Time time,
    Refusals refusals,
    Witness witness) {}
