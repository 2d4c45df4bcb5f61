package io.watchgate.upstream;

import java.util.OptionalLong;

/// The sessions with one server that are limited in number.
///
/// @param inUse sessions that there are, or will be as soon as they are connected
/// @param waiting calls that wait for one
/// @param max sessions at most
/// @param lastCreation nanoseconds that it took to make the last one, empty when there was none
/// @param slowCreation nanoseconds that 99 % of the newest did not exceed
public record Sessions(
    int inUse, int waiting, int max, OptionalLong lastCreation, OptionalLong slowCreation) {}
