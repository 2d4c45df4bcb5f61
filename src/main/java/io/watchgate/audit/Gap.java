package io.watchgate.audit;

import java.time.Instant;

/// A time in which records could not be kept.
///
/// @param why as people read it
record Gap(Instant since, String why) {}
