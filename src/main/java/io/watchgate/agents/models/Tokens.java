package io.watchgate.agents.models;

/// What a model read and wrote, by its own count.
public record Tokens(long input, long output) {
  public static final Tokens NONE = new Tokens(0, 0);

  public Tokens plus(Tokens more) {
    return new Tokens(input + more.input, output + more.output);
  }

  public long all() {
    return input + output;
  }
}
