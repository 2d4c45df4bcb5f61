package io.watchgate.plugin;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What a plugin has around it.
///
/// @param state directory for what has to survive a restart; may not exist yet
/// @param clock says when something happens
/// @param random whatever is drawn by lot and is no secret
public record Home(Path state, InstantSource clock, RandomGenerator random) {}
