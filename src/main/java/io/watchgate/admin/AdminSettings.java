package io.watchgate.admin;

/// Where the admin listener is, when it is enabled: `admin`.
public record AdminSettings(boolean enabled, String host, int port) {}
