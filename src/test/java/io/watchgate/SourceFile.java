package io.watchgate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One Java file of the project as the house rules see it: its lines as they stand, without the
/// content of literals, and without comments as well.
record SourceFile(Path path, List<String> lines, List<String> noLiterals, List<String> code) {
  private static final Pattern OPENER = Pattern.compile("\"\"\"|\"|'|//|/\\*");
  private static final Pattern TYPE_BODY =
      Pattern.compile(
          "(?s).*\\b(class|interface|enum|record)\\s+\\w+.*|.*\\bnew\\s+[\\w.<>?, ]+\\(.*\\)\\s*");
  private static final Pattern LIST = Pattern.compile("(?s).*[=(,\\]]\\s*|\\s*");

  static List<SourceFile> all() throws IOException {
    var files = new ArrayList<SourceFile>();
    for (var path : Format.javaFiles()) {
      files.add(of(path, Files.readString(path)));
    }
    return files;
  }

  static SourceFile of(Path path, String text) {
    var noLiterals = blank(text, false);
    return new SourceFile(path, lines(text), lines(noLiterals), lines(blank(text, true)));
  }

  /// The package that the path stands for, empty for a module descriptor.
  String packageName() {
    var names = Stream.iterate(path.getParent(), part -> part != null, Path::getParent);
    var directories = names.map(part -> String.valueOf(part.getFileName())).toList().reversed();
    int root = directories.indexOf("java") + 1;
    return String.join(".", directories.subList(root, directories.size()));
  }

  /// Where methods and other blocks of statements are: each from the start of its head to its end.
  List<Block> blocks() {
    var blocks = new ArrayList<Block>();
    var open = new ArrayDeque<Block>();
    var head = new StringBuilder();
    int headLine = 1;
    for (int line = 1; line <= code.size(); line++) {
      for (char c : (code.get(line - 1) + "\n").toCharArray()) {
        if (c == '{') {
          open.push(new Block(head.toString(), headLine, line));
        } else if (c == '}' && !open.isEmpty()) {
          blocks.add(open.pop().endingAt(line));
        }
        if (c == '{' || c == '}' || c == ';') {
          head.setLength(0);
        } else if (!head.isEmpty() || !Character.isWhitespace(c)) {
          headLine = head.isEmpty() ? line : headLine;
          head.append(c);
        }
      }
    }
    return blocks.stream().filter(Block::holdsStatements).toList();
  }

  /// A part in braces and the text before it.
  record Block(String head, int firstLine, int lastLine) {
    Block endingAt(int line) {
      return new Block(head, firstLine, line);
    }

    int length() {
      return lastLine - firstLine + 1;
    }

    private boolean holdsStatements() {
      return !TYPE_BODY.matcher(head).matches() && !LIST.matcher(head).matches();
    }
  }

  private static List<String> lines(String text) {
    return text.lines().toList();
  }

  /// The text with spaces for its literals, and for its comments when these are to go as well.
  private static String blank(String text, boolean comments) {
    var blanked = new StringBuilder(text);
    var opener = OPENER.matcher(text);
    int at = 0;
    while (opener.find(at)) {
      at = Math.min(text.length(), end(text, opener.end(), opener.group()));
      if (comments || !opener.group().startsWith("/")) {
        var part = text.substring(opener.start(), at);
        blanked.replace(opener.start(), at, part.replaceAll("[^\\n]", " "));
      }
    }
    return blanked.toString();
  }

  private static int end(String text, int from, String opener) {
    return switch (opener) {
      case "//" -> (text + "\n").indexOf('\n', from);
      case "/*" -> text.indexOf("*/", from) + 2;
      default -> {
        int at = from;
        while (!text.startsWith(opener, at)) {
          at += text.charAt(at) == '\\' ? 2 : 1;
        }
        yield at + opener.length();
      }
    };
  }
}
