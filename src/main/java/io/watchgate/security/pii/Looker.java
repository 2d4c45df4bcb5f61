package io.watchgate.security.pii;

/// Looks for one kind of personal data in a text that was read.
@FunctionalInterface
interface Looker {
  void look(Reading reading, Finds finds);
}
