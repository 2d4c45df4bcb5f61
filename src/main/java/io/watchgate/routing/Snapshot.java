package io.watchgate.routing;

/// A list as it is known at a moment.
///
/// @param hints for how long and for whom it may be kept
record Snapshot(Listing listing, Hints hints) {
  static final Snapshot EMPTY = new Snapshot(Listing.EMPTY, Hints.NONE);

  /// The same entries, which may be out of date.
  Snapshot outdated(String why) {
    return new Snapshot(listing.outdated(why), Hints.NONE);
  }
}
