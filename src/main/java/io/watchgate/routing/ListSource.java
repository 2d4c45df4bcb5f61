package io.watchgate.routing;

import io.watchgate.flow.Handler;
import io.watchgate.flow.Server;
import io.watchgate.flow.Time;

/// Where the lists of one server come from.
///
/// @param handler the stack that calls to the server go through
/// @param time by which they age
record ListSource(Server server, Handler handler, Time time) {}
