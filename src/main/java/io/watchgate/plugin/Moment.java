package io.watchgate.plugin;

/// When a plugin is asked.
public enum Moment {
  REQUEST,
  RESPONSE,
  NOTIFICATION,
  SERVER_REQUEST
}
