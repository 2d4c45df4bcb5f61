package io.watchgate.scanning;

import java.util.Locale;

/// What a name looks like, in whatever letters it is written: names that a person takes for one
/// another have the same.
public final class Skeleton {
  private Skeleton() {}

  public static String of(String name) {
    var folded = new StringBuilder(name.length());
    name.codePoints()
        .forEach(point -> {
          var ascii = Confusables.fold(point);
          if (ascii == null) {
            folded.appendCodePoint(point);
          } else {
            folded.append(ascii);
          }
        });
    var looks = new StringBuilder(folded.length());
    folded
        .toString()
        .toLowerCase(Locale.ROOT)
        .codePoints()
        .forEach(point -> {
          switch (point) {
            case '0' -> looks.append('o');
            case '1', 'i', '|' -> looks.append('l');
            case '_', '-', '.', '/', ' ' -> {} // separators are not what a name is known by
            default -> looks.appendCodePoint(point);
          }
        });
    return looks.toString().replace("rn", "m").replace("vv", "w");
  }
}
