package io.watchgate.security.toolguard;

/// Why a definition is not to be trusted.
///
/// @param type in `snake_case`
/// @param what says it to people, with the place
record Suspicion(String type, String what, Terms.Action action) {}
