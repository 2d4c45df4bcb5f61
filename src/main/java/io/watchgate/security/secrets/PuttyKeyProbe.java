package io.watchgate.security.secrets;

/// Finds the private keys of PuTTY, from the header to the signature.
final class PuttyKeyProbe implements Probe {
  private static final int LONGEST = 16 * 1024;
  private static final String LAST_LINE = "Private-MAC: ";
  private static final int LONGEST_SIGNATURE = 128;

  /// The keyword is the beginning of the header: `PuTTY-User-Key-File-`.
  @Override
  public void at(Sweep sweep, int start, int end) {
    var text = sweep.text();
    if (sweep.isCovered(this, start)) {
      return;
    }
    int limit = Math.min(text.length(), end + LONGEST);
    sweep.cover(this, limit);
    if (text.indexOf("Private-Lines: ", end, limit) < 0) {
      return;
    }
    int last = text.indexOf(LAST_LINE, end, limit);
    int stop = last < 0 ? limit : last + LAST_LINE.length();
    int longest = Math.min(text.length(), stop + LONGEST_SIGNATURE);
    while (last >= 0 && stop < longest && Character.digit(text.charAt(stop), 16) >= 0) {
      stop++;
    }
    sweep.cover(this, stop);
    sweep.found("ssh_private_keys", start, stop, 1.0);
  }
}
